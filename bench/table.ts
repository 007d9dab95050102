import { type Row } from './bench.js';

const HEAD = ['row', 'value', 'unit', 'floor', 'ratio', 'aim', 'met'];

/** The rows for people: a column as wide as its widest cell, numbers to the right. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const written = lines.map((cells) => cells.map((cell, column) => fit(cell, column, widths)).join('  '));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [written[0], rule, ...written.slice(1)].map((line) => line!.trimEnd()).join('\n');
}

function cellsOf({ name, value, unit, floor, ratio, aim, met }: Row): string[] {
  return [name, grouped(value), unit, grouped(floor), String(ratio), aim, met ? 'yes' : 'NO'];
}

function fit(cell: string, column: number, widths: readonly number[]): string {
  const numeric = [1, 3, 4].includes(column);
  return numeric ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
