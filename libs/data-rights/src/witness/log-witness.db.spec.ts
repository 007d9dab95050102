import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  checkpointText,
  consistencyProof,
  cosignedAt,
  inclusionProof,
  leafHash,
  rootOf,
  signNote,
  SigningKey,
  vkeyOf,
} from '@heed/kernel';
import { UnitOfWork, type Database } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { dataRightsMigrations } from '../infrastructure.js';
import { type Offer } from './judge-checkpoint.js';
import { LogWitness, witnessVkey } from './log-witness.js';

/** A log of these leaves, by a key that may be another's. */
class Log {
  constructor(
    readonly name: string,
    readonly leaves: Buffer[],
    readonly key: SigningKey,
  ) {}

  get vkey(): string {
    return vkeyOf('log', this.name, this.key.publicKey);
  }
  hashes(size: number): Buffer[] {
    return this.leaves.slice(0, size).map((leaf) => leafHash(leaf));
  }
  note(size: number, key = this.key): string {
    const text = checkpointText({ origin: this.name, size, root: rootOf(this.hashes(size)) });
    return `${text}\n${signNote(text, this.name, key)}`;
  }
  offer(size: number, oldSize: number, more: Partial<Offer> = {}): Offer {
    return {
      ...{ vkey: this.vkey, checkpoint: this.note(size), oldSize, keyChanges: [] },
      proof: oldSize <= size ? consistencyProof(this.hashes(size), oldSize) : [],
      ...{ firstLeaf: Buffer.alloc(0), firstLeafProof: [], ...more },
    };
  }
}

const leavesOf = (text: string, count: number) =>
  Array.from({ length: count }, (_, i) => Buffer.from(text + i));

describe('a witness of the log', () => {
  let test: TestDatabase;
  let database: Database;
  let witness: LogWitness;
  const signing = SigningKey.generate();
  const logKey = SigningKey.generate();
  const log = new Log('heed.test/log', leavesOf('leaf', 20), logKey);

  beforeAll(async () => {
    test = await createTestDatabase('messaging', [dataRightsMigrations]);
    database = test.open();
    const lines = logger({}, { write: () => undefined });
    witness = new LogWitness({
      ...{
        service: 'messaging',
        work: new UnitOfWork(database),
        signing,
        clock: new TestClock(),
        log: lines,
      },
    });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(() => database.pool('owner').query('truncate heed.log_witness'));

  const refusalOf = async (offer: Offer) => (await witness.witness(offer)).refusal;
  const kept = async () =>
    (
      await database.pool('owner').query<{ refusal: string | null }>('select refusal from heed.log_witness')
    ).rows.map(({ refusal }) => refusal);

  it('countersigns a log that only grows, and remembers how far it has come', async () => {
    for (const [size, oldSize] of [
      [5, 0],
      [5, 0],
      [9, 5],
      [20, 9],
    ] as const) {
      const { cosignature, refusal } = await witness.witness(log.offer(size, oldSize));
      const text = log.note(size).split('\n\n')[0]! + '\n';
      expect(refusal).toBe('');
      expect(cosignedAt(text, cosignature, witnessVkey('messaging', signing.publicKey))).toBeInstanceOf(Date);
    }
    expect(await witness.known()).toMatchObject({ origin: 'heed.test/log', size: 20, note: log.note(20) });
  });

  it('asks for the proof from what it remembers, and says what that is', async () => {
    await witness.witness(log.offer(9, 0));
    const answer = await witness.witness(log.offer(12, 0));
    expect(answer).toEqual({ cosignature: '', refusal: 'ANOTHER_SIZE', known: log.note(9) });
    expect(await kept()).toEqual([null]);
  });

  it('6.3 refuses a smaller tree, and says so until it is shown what it remembers', async () => {
    await witness.witness(log.offer(9, 0));
    expect(await refusalOf(log.offer(7, 0))).toBe('SMALLER');
    expect(await kept()).toEqual(['SMALLER']);
    expect(await refusalOf(log.offer(12, 9))).toBe('');
    expect(await kept()).toEqual([null]);
  });

  it('6.3 refuses other leaves at the same size and beyond; two trees of one size it never forgets', async () => {
    await witness.witness(log.offer(9, 0));
    const fork = new Log(log.name, [...leavesOf('leaf', 7), ...leavesOf('other', 13)], logKey);
    expect(await refusalOf(fork.offer(12, 9))).toBe('INCONSISTENT');
    expect(await kept()).toEqual(['INCONSISTENT']);
    expect(await refusalOf(fork.offer(9, 9))).toBe('FORKED');
    expect(await refusalOf(log.offer(12, 9))).toBe('');
    expect(await kept()).toEqual(['FORKED']);
  });

  it('takes no word of another key, and follows the one that the log has named', async () => {
    await witness.witness(log.offer(5, 0));
    const [thief, next] = [SigningKey.generate(), SigningKey.generate()];
    const stolen = new Log(log.name, log.leaves, thief);
    expect(await refusalOf(stolen.offer(9, 5))).toBe('UNSIGNED');
    expect(await refusalOf(log.offer(9, 5, { checkpoint: stolen.note(9) }))).toBe('UNSIGNED');
    const named = Buffer.from(
      canonicalJson({ at: '', type: 'log_key_added', vkey: vkeyOf('log', log.name, next.publicKey) }),
    );
    const followed = new Log(log.name, [...leavesOf('leaf', 6), named, ...leavesOf('more', 4)], next);
    const change = {
      ...{ leaf: named, proof: inclusionProof(followed.hashes(7), 6) },
      checkpoint: followed.note(7, logKey),
    };
    expect(await refusalOf(followed.offer(9, 5))).toBe('UNSIGNED');
    expect(
      await refusalOf(
        followed.offer(9, 5, { keyChanges: [{ ...change, checkpoint: followed.note(7, thief) }] }),
      ),
    ).toBe('UNSIGNED');
    expect(await refusalOf(followed.offer(9, 5, { keyChanges: [change] }))).toBe('');
    // From here on the new key alone is known; the change is passed over.
    expect(await refusalOf(followed.offer(11, 9, { keyChanges: [change] }))).toBe('');
    expect(await kept()).toEqual([null]);
  });

  it('6.3 goes over to another name only where its first leaf names what is remembered, or later', async () => {
    await witness.witness(log.offer(9, 0));
    const begun = (named: string, key = logKey) => {
      const first = Buffer.from(canonicalJson({ at: '', checkpoint: named, type: 'origin_begun' }));
      const anew = new Log('heed.test/log/2', [first, ...leavesOf('new', 4)], key);
      return anew.offer(5, 0, { firstLeaf: first, firstLeafProof: inclusionProof(anew.hashes(5), 0) });
    };
    expect(await refusalOf(begun(log.note(8)))).toBe('ORIGIN_UNKNOWN');
    expect(await refusalOf(begun(log.note(12, SigningKey.generate())))).toBe('ORIGIN_UNKNOWN');
    const fork = new Log(log.name, leavesOf('other', 9), logKey);
    expect(await refusalOf(begun(fork.note(9)))).toBe('ORIGIN_UNKNOWN');
    expect(await refusalOf({ ...begun(log.note(9)), firstLeafProof: [] })).toBe('ORIGIN_UNKNOWN');
    expect(
      await refusalOf(log.offer(9, 0, { vkey: vkeyOf('log', 'another.test/log', logKey.publicKey) })),
    ).toBe('UNSIGNED');
    expect(await kept()).toEqual(['ORIGIN_UNKNOWN']);
    // The key of the log may be what was lost: what counts is that the old one has signed what is named.
    expect(await refusalOf(begun(log.note(12), SigningKey.generate()))).toBe('');
    expect(await witness.known()).toMatchObject({ origin: 'heed.test/log/2', size: 5 });
    // And never back.
    expect(await refusalOf(log.offer(20, 9))).toBe('ORIGIN_UNKNOWN');
  });

  it('keeps one word of two that are said at once', async () => {
    await witness.witness(log.offer(5, 0));
    const fork = new Log(log.name, [...leavesOf('leaf', 5), ...leavesOf('other', 13)], logKey);
    const said = await Promise.all([log.offer(9, 5), fork.offer(9, 5)].map(refusalOf));
    expect([...said].sort()).toEqual(['', 'FORKED']);
  });
});
