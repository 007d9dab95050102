import { describe, expect, it } from '@jest/globals';
import { gate, TestClock } from '@heed/testing';
import { RunningRecording, type PieceWriter } from './running-recording.js';

const SECOND = 16_000;
const samples = (seconds: number, value = 1) => Buffer.alloc(seconds * SECOND, value);

function recording(change: Partial<PieceWriter> = {}) {
  const pieces: [index: number, bytes: number][] = [];
  const clock = new TestClock();
  let announced = 0;
  const writer: PieceWriter = {
    announce: () => {
      announced += 1;
      return Promise.resolve(true);
    },
    put: (index, piece) => {
      pieces.push([index, piece.length]);
      return Promise.resolve(true);
    },
    ...change,
  };
  return { running: new RunningRecording(writer, clock), pieces, clock, announced: () => announced };
}

describe('a recording while people speak', () => {
  it('is kept in pieces of 5 s, in their order, under one row that stands before them', async () => {
    const { running, pieces, announced } = recording();
    for (let second = 0; second < 12; second += 1) running.write(samples(1));
    expect(await running.end()).toBe(true);
    expect(pieces).toEqual([
      [0, 5 * SECOND],
      [1, 5 * SECOND],
      [2, 2 * SECOND],
    ]);
    expect(announced()).toBe(1);
  });

  it('of nothing is none: there is not even a row', async () => {
    const { running, announced } = recording();
    expect(await running.end()).toBe(false);
    expect(announced()).toBe(0);
  });

  it('of somebody who is being erased is not kept', async () => {
    const { running, pieces } = recording({ announce: () => Promise.resolve(false) });
    running.write(samples(6));
    expect(await running.end()).toBe(false);
    expect(pieces).toEqual([]);
  });

  it('is tried again where its store fails', async () => {
    let failures = 0;
    const tried = recording({
      put: () => (failures++ < 2 ? Promise.reject(new Error('down')) : Promise.resolve(true)),
    });
    tried.running.write(samples(5));
    const ended = tried.running.end();
    for (let n = 0; n < 2; n += 1) {
      await tried.clock.waiting();
      await tried.clock.advance(1_000);
    }
    expect(await ended).toBe(true);
    expect(failures).toBe(3);
  });

  it('is lost where its store does not answer, and takes no more room than two minutes', async () => {
    const door = gate();
    const { running, pieces } = recording({ announce: () => door().then(() => true) });
    running.write(samples(5));
    await door.reached;
    for (let second = 0; second < 600; second += 1) running.write(samples(1));
    door.open();
    expect(await running.end()).toBe(false);
    expect(pieces.length).toBeLessThanOrEqual(1);
  });

  it('holds 35 minutes, and what is said afterwards is not in it', async () => {
    const { running, pieces } = recording();
    for (let minute = 0; minute < 40; minute += 1) {
      running.write(samples(60));
      // As in a call, where pieces are kept meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await running.end()).toBe(true);
    const bytes = pieces.reduce((sum, [, size]) => sum + size, 0);
    expect(bytes).toBeLessThan(32 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(33 * 60 * SECOND);
  });
});
