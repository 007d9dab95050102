import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { assess } from './held-partitions.js';

const stream = { topic: 'heed.contacts.consent.v1', partition: 2 };
const eventId = newId();
const at = (position: string, witness?: { eventId: string; offset: bigint }) => ({
  position,
  ...(witness ? { witness } : {}),
});

describe('a log that a group comes back to', () => {
  it('is read on from the witness, which is the record before the cursor', () => {
    const { partition } = assess(
      stream,
      at('40', { eventId, offset: 39n }),
      { low: 0n, high: 50n },
      40n,
      false,
    );
    expect(partition).toMatchObject({ next: 39n, cursor: 40n, witness: eventId, high: 50n });
  });

  it('9.1 is another one when it ends before the cursor', () => {
    const { quarantine } = assess(
      stream,
      at('40', { eventId, offset: 39n }),
      { low: 0n, high: 39n },
      40n,
      false,
    );
    expect(quarantine?.reason).toBe('TOPIC_ENDS_BEFORE_CURSOR');
  });

  it('9.1 has lost records when it begins after the cursor', () => {
    const { quarantine } = assess(
      stream,
      at('40', { eventId, offset: 39n }),
      { low: 41n, high: 90n },
      40n,
      false,
    );
    expect(quarantine?.reason).toBe('TOPIC_BEGINS_AFTER_CURSOR');
  });

  it('is accepted without its witness when retention has taken exactly what was handled', () => {
    const assessment = assess(
      stream,
      at('40', { eventId, offset: 39n }),
      { low: 40n, high: 90n },
      40n,
      false,
    );
    expect(assessment).toMatchObject({ witnessGone: true, partition: { next: 40n, cursor: 40n } });
    expect(assessment.partition?.witness).toBeUndefined();
  });

  it('7.1 is not read by an acting consumer whose database went back', () => {
    const cursor = at('40', { eventId, offset: 39n });
    expect(assess(stream, cursor, { low: 0n, high: 90n }, 77n, true).quarantine?.reason).toBe(
      'CURSOR_RESTORED',
    );
    expect(assess(stream, cursor, { low: 0n, high: 90n }, 77n, false).partition?.told).toBe(77n);
  });

  it('is not guessed at from a position of another driver', () => {
    const { quarantine } = assess(stream, at('100:105:101'), { low: 0n, high: 90n }, undefined, false);
    expect(quarantine?.reason).toBe('CURSOR_MALFORMED');
  });
});
