import { readFileSync } from 'node:fs';
import { DomainError } from '@heed/kernel';

export function noSuchFile(file: string): DomainError {
  return new DomainError('FILE_UNREADABLE', 'invalid-argument', {
    message: `${file} cannot be read: is the name right, and may you read it?`,
  });
}

/** A file that the command line names; one that is not there is a wrong command line. */
export function readGiven(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw noSuchFile(file);
  }
}
