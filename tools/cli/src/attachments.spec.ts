import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attachmentsIn } from './attachments.js';

describe('files to attach', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'heed-attach-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('go by their own names, as what their extension says, or as bytes', () => {
    const names = ['Terms.PDF', 'price list.csv', 'data.xyz', 'README'];
    const files = names.map((name) => join(directory, name));
    for (const file of files) writeFileSync(file, `in ${file}`);
    expect(attachmentsIn(files)).toEqual(
      ['application/pdf', 'text/csv', 'application/octet-stream', 'application/octet-stream'].map(
        (contentType, at) => ({ name: names[at], contentType, content: Buffer.from(`in ${files[at]!}`) }),
      ),
    );
  });

  it('that are not there are a wrong command line', () => {
    expect(() => attachmentsIn([join(directory, 'none.pdf')])).toThrow(
      expect.objectContaining({ reason: 'FILE_UNREADABLE' }),
    );
  });
});
