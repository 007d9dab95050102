import { type Place } from './place.js';

/** What a figure has to reach: itself, or as a share of its floor. Without a limit it is stated, and no more. */
export interface Aim {
  of?: 'value' | 'ratio';
  atLeast?: number;
  atMost?: number;
}

/** One figure, with the figure of the bare thing on the same machine in the same run. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  floor: number;
  aim: Aim;
  /** Where the time goes; for whoever wants to change the figure. */
  notes?: Record<string, unknown>;
}

/** One bench. It starts what it measures through the place, which stops it again. */
export interface Bench {
  name: string;
  run(place: Place): Promise<Figure[]>;
}

/** A line of the table. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  floor: number;
  /** value / floor. */
  ratio: number;
  aim: string;
  met: boolean;
  notes?: Record<string, unknown>;
}

export function rowOf({ name, value, unit, floor, aim, notes }: Figure): Row {
  const ratio = floor === 0 ? 0 : value / floor;
  const measured = aim.of === 'ratio' ? ratio : value;
  const met = measured >= (aim.atLeast ?? -Infinity) && measured <= (aim.atMost ?? Infinity);
  return {
    name,
    value: rounded(value),
    unit,
    floor: rounded(floor),
    ratio: rounded(ratio),
    aim: aimOf(aim),
    met,
    ...(notes && { notes }),
  };
}

export function aimOf({ of = 'value', atLeast, atMost }: Aim): string {
  if (atLeast === undefined && atMost === undefined) return 'stated';
  const limit = atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
  return of === 'ratio' ? `ratio ${limit}` : limit;
}

/** Three digits that count: more would pretend to a precision that no bench has. */
export function rounded(value: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Number(value.toPrecision(3));
}
