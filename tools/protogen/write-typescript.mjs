import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const HEADER = '// Generated from proto/ by `npm run proto`. Do not edit.\n';

/** Rules of RPCs and fields as TypeScript constants. */
export function writeRules({ rpcs, messages, events }) {
  const constant = (name, type, value) =>
    `export const ${name}: ${type} = ${JSON.stringify(value, null, 2)};\n`;
  return [
    HEADER,
    "import type { EventRule, FieldRule, RpcRule } from './rules.js';\n",
    constant('rpcRules', 'Record<string, RpcRule>', sorted(rpcs)),
    constant('messageRules', 'Record<string, Record<string, FieldRule>>', sorted(messages)),
    constant('eventRules', 'EventRule[]', events),
  ].join('\n');
}

/** One namespace a package: `contactsV1` of `heed.contacts.v1`. Gives file names with their text. */
export function writePackages(gen) {
  const index = [HEADER];
  const files = {};
  for (const service of readdirSync(join(gen, 'heed')).sort()) {
    for (const version of readdirSync(join(gen, 'heed', service)).sort()) {
      const folder = `heed/${service}/${version}`;
      const parts = readdirSync(join(gen, folder)).sort();
      const exports = parts.map(
        (part) => `export * from '../gen/${folder}/${part.replace(/\.ts$/, '.js')}';`,
      );
      files[`packages/${service}-${version}.generated.ts`] = `${HEADER}\n${exports.join('\n')}\n`;
      index.push(
        `export * as ${service}${version.toUpperCase()} from './packages/${service}-${version}.generated.js';`,
      );
    }
  }
  files['packages.generated.ts'] = `${index.join('\n')}\n`;
  return files;
}

function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
