import { setImmediate } from 'node:timers/promises';

/** Zero crossings of the filter on each side: what is above the lower rate's half is gone by 60 dB within 5 % of it. */
const CROSSINGS = 24;
/** Below half the lower rate by so much, where the filter begins to fall. */
const ROLL_OFF = 0.95;
/** So many samples are made before others have a turn: some 5 ms of a core. */
const AT_ONCE = 8_000;

/** The same sound at another rate (a windowed sinc, one filter for each position between two samples). */
export async function resample(samples: Int16Array, from: number, to: number): Promise<Int16Array> {
  if (from === to) return samples;
  const divisor = commonDivisor(from, to);
  const [up, down] = [to / divisor, from / divisor];
  const filters = filtersFor(up, down);
  const half = (filters[0]!.length - 1) >> 1;
  const resampled = new Int16Array(Math.floor((samples.length * up) / down));
  for (let n = 0; n < resampled.length; n += 1) {
    if (n % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const position = n * down;
    const [at, filter] = [Math.floor(position / up), filters[position % up]!];
    let sum = 0;
    const first = Math.max(0, half - at);
    const last = Math.min(filter.length - 1, samples.length - 1 - at + half);
    for (let tap = first; tap <= last; tap += 1) sum += filter[tap]! * samples[at - half + tap]!;
    resampled[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return resampled;
}

function filtersFor(up: number, down: number): Float64Array[] {
  const scale = Math.min(1, up / down) * ROLL_OFF;
  const half = Math.ceil(CROSSINGS / scale);
  return Array.from({ length: up }, (_, phase) =>
    Float64Array.from({ length: 2 * half + 1 }, (__, tap) => {
      const distance = tap - half - phase / up;
      const window = Math.abs(distance) > half ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * distance) / half);
      return scale * sinc(distance * scale) * window;
    }),
  );
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
