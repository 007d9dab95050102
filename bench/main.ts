import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { accessPackage } from './access-package.js';
import { rowOf, type Bench, type Row } from './bench.js';
import { callSip } from './call-sip.js';
import { clickOptOuts } from './click-opt-outs.js';
import { eventLatency, eventThroughput } from './carry-events.js';
import { erasePeople } from './erase-people.js';
import { growLog } from './grow-log.js';
import { importRows } from './import-file.js';
import { issuePermits } from './issue-permits.js';
import { optOutRace } from './opt-out-race.js';
import { Place } from './place.js';
import { restoreContacts } from './restore-contacts.js';
import { balanceCampaign, sendEmails } from './send-emails.js';
import { startAndMemory } from './start-and-memory.js';
import { sweepRemains } from './sweep-remains.js';
import { tableOf } from './table.js';

/** In this order: those on databases of their own come before the cluster, which sets the passwords of all roles. */
const BENCHES: readonly Bench[] = [
  eventLatency,
  eventThroughput,
  growLog,
  startAndMemory,
  callSip,
  importRows,
  issuePermits,
  sendEmails,
  balanceCampaign,
  erasePeople,
  accessPackage,
  sweepRemains,
  restoreContacts,
  optOutRace,
  clickOptOuts,
];

const HELP = `npm run bench -- [options]

  --only NAME      runs this one; may be repeated. Names: ${BENCHES.map(({ name }) => name).join(', ')}
  --scale NUMBER   sizes as a share of those that the aims are about (1), for a quick look: 0.1
  --json           prints one JSON document, rows[] of name, value, unit, floor, ratio, aim, met, notes
  --notes          prints under the table what is known of where the time goes
  --profile DIR    each service writes a CPU profile there when it is stopped

What each row measures and why its floor is fair: bench/README.md. Exit code 0 if all ran, whether or not they met
their aims; 1 if one failed; 2 if the command line is wrong.
Example: npm run bench -- --only import --scale 0.1 --notes`;

interface Flags {
  chosen: readonly Bench[];
  scale: number;
  json: boolean;
  notes: boolean;
  profiles?: string;
}

let flags: Flags | 'help';
try {
  flags = flagsOf(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n(npm run bench -- --help)`);
  process.exit(2);
}
if (flags === 'help') {
  console.log(HELP);
  process.exit(0);
}
process.exit(await run(flags));

async function run({ chosen, scale, json, notes, profiles }: Flags): Promise<number> {
  const say = (line: string): void => console.error(line);
  if (profiles) mkdirSync(profiles, { recursive: true });
  const place = new Place({ scale, say, ...(profiles && { profiles }) });
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
    process.once(signal, () => void place.leave().finally(() => process.exit(code)));
  const rows: Row[] = [];
  const failed: { name: string; message: string }[] = [];
  try {
    for (const bench of chosen) {
      say(`\n${bench.name}`);
      try {
        rows.push(...(await bench.run(place)).map(rowOf));
      } catch (error) {
        failed.push({ name: bench.name, message: (error as Error).message });
        say(`  ! ${(error as Error).stack}`);
      }
    }
  } finally {
    await place.leave();
  }
  if (json) console.log(JSON.stringify({ scale, rows, failed }, null, 2));
  else {
    console.log(`\n${tableOf(rows)}`);
    if (notes)
      for (const row of rows) console.log(`\n${row.name}: ${JSON.stringify(row.notes ?? {}, null, 1)}`);
    for (const { name, message } of failed) console.log(`${name} failed: ${message}`);
  }
  return failed.length === 0 ? 0 : 1;
}

function flagsOf(argv: string[]): Flags | 'help' {
  const { values } = parseArgs({
    args: argv,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      scale: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      notes: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const unknown = values.only.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(', ')}: no such bench`);
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 10)) throw new Error(`--scale ${values.scale}: a number above 0, at most 10`);
  return {
    chosen: BENCHES.filter(({ name }) => values.only.length === 0 || values.only.includes(name)),
    scale,
    json: values.json,
    notes: values.notes,
    ...(values.profile && { profiles: resolve(values.profile) }),
  };
}
