import { readFileSync } from 'node:fs';
import { output } from './processes.js';

/**
 * Memory of a process in MB: its proportional set size, where pages shared with others count in parts, so that
 * the sum over six services is what the machine really gives. Where /proc is missing, the resident size.
 */
export async function memoryMb(pid: number): Promise<number> {
  try {
    const kb = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
    if (kb) return round(Number(kb) / 1024);
  } catch {
    // Not Linux, or the process is gone: ps tells.
  }
  const kb = await output('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => '0');
  return round(Number(kb.trim()) / 1024);
}

function round(mb: number): number {
  return Math.round(mb * 10) / 10;
}
