import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export interface Flags {
  once: boolean;
  contacts?: string;
  size: number;
  report?: string;
  bus?: 'kafka' | 'embedded';
  data: string;
}

export interface WorkPlace {
  /** What file names are relative to: npm runs its scripts elsewhere and says where the user was. */
  cwd: string;
  /** Of the clone: where data lies unless said otherwise. */
  root: string;
}

export function workPlace(): WorkPlace {
  return {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    root: fileURLToPath(new URL('../../..', import.meta.url)),
  };
}

/** Reads the command line; what is wrong with it is said in one sentence. */
export function parseFlags(argv: string[], { cwd, root }: WorkPlace): Flags {
  const { values } = parseArgs({
    args: argv,
    options: {
      once: { type: 'boolean', default: false },
      contacts: { type: 'string' },
      size: { type: 'string', default: '10000' },
      report: { type: 'string' },
      bus: { type: 'string' },
      data: { type: 'string' },
    },
  });
  const size = Number(values.size);
  if (!Number.isInteger(size) || size < 1 || size > 1_000_000) {
    throw new Error(`--size ${values.size}: a whole number from 1 to 1000000 is expected`);
  }
  const { bus } = values;
  if (bus !== undefined && bus !== 'kafka' && bus !== 'embedded') {
    throw new Error(`--bus ${bus}: kafka or embedded is expected`);
  }
  return {
    once: values.once,
    contacts: values.contacts && resolve(cwd, values.contacts),
    size,
    report: values.report && resolve(cwd, values.report),
    bus,
    data: values.data ? resolve(cwd, values.data) : join(root, '.heed'),
  };
}
