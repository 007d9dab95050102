import { SAMPLE_RATE } from './g711.js';

/** One after another: a tone of so many hertz, or a pause (0), each so many milliseconds long. */
type Melody = readonly (readonly [hertz: number, ms: number])[];

const LOUDNESS = 8_000;
/** Swelling and fading, so that no edge clicks. */
const EDGE_MS = 8;

/**
 * The tone that tells a telephone line that it is being recorded: 1,400 Hz, as 47 CFR 64.501 and the national rules
 * after it have it. Played where no spoken announcement was given (HEED_CALL_ANNOUNCEMENT_FILE).
 */
export const recordingTone = (): Int16Array =>
  melody([
    [1_400, 250],
    [0, 150],
    [1_400, 250],
  ]);

/** Falls: what was asked for is done. */
export const doneTone = (): Int16Array =>
  melody([
    [880, 150],
    [0, 50],
    [587, 250],
  ]);

/** Falls twice, and slowly. Played where no spoken apology was given (HEED_CALL_APOLOGY_FILE). */
export const apologyTone = (): Int16Array =>
  melody([
    [660, 300],
    [0, 100],
    [440, 400],
    [0, 200],
    [440, 300],
    [0, 100],
    [330, 500],
  ]);

export function melody(parts: Melody): Int16Array {
  return Int16Array.from(parts.flatMap(([hertz, ms]) => tone(hertz, ms)));
}

function tone(hertz: number, ms: number): number[] {
  const count = Math.round((ms * SAMPLE_RATE) / 1_000);
  const edge = (EDGE_MS * SAMPLE_RATE) / 1_000;
  return Array.from({ length: count }, (_, n) => {
    const loudness = Math.min(1, n / edge, (count - 1 - n) / edge) * LOUDNESS;
    return hertz === 0 ? 0 : Math.round(loudness * Math.sin((2 * Math.PI * hertz * n) / SAMPLE_RATE));
  });
}
