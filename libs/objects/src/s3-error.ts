import { DomainError } from '@heed/kernel';

const ABSENT = ['NoSuchKey', 'NotFound', 'NoSuchVersion'];
/** An erasure has ended the upload: what it would have become is not there, as after a delete. */
const ENDED = ['NoSuchUpload'];

/** An answer of the store as a reason of ours; nothing of its text goes on, since keys stand in it. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (ABSENT.includes(name)) throw new DomainError('OBJECT_NOT_FOUND', 'not-found');
    if (ENDED.includes(name)) throw new DomainError('OBJECT_UPLOAD_ENDED', 'aborted');
    if (name === 'PreconditionFailed') throw new DomainError('OBJECT_KEY_TAKEN', 'already-exists');
    const code = /^[A-Za-z]{1,60}$/.test(name) ? name : 'unknown';
    if (name === 'CredentialsProviderError' || (status !== undefined && status < 500 && status !== 429)) {
      throw new DomainError('OBJECTS_REFUSED', 'permission-denied', {
        message: `the object store refuses us (${code}): look at the bucket, and at what our credentials may do there`,
        metadata: { code },
      });
    }
    throw new DomainError('OBJECTS_UNREACHABLE', 'unavailable', {
      message: 'the object store does not answer, after several tries',
      cause: error,
    });
  }
}
