import { writeFileSync } from 'node:fs';
import { type Command } from 'commander';
import { type privacyV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { time } from '../words.js';

interface ListOptions {
  service: string;
  kind: string;
  category: string;
  limit: number;
}

export function addDataMap(heed: Command, context: Context): void {
  const dataMap = heed
    .command('datamap')
    .description(
      'What every service declares to hold about people: each of these stores must answer requests',
    );
  withExample(dataMap, 'heed datamap list --category user.contact');
  addList(dataMap, context);
  const show = dataMap.command('show <store>').description('One store with its columns, as service.name.');
  withExample(show, 'heed datamap show contacts.endpoint').action(async (named: string) => {
    const dot = named.indexOf('.');
    const answer = await context.asMember((client) =>
      client.dataMap.getStore({ service: named.slice(0, dot), name: named.slice(dot + 1) }),
    );
    context.output.record(rowOf(answer.store!));
    context.output.table(answer.columns, ['name', 'holds', 'category', 'purpose', 'sealed']);
  });
  const manifests = dataMap
    .command('manifests')
    .description('The manifest that each service has shown last, and whether it is refused now.')
    .option(...LIMIT);
  withExample(manifests, 'heed datamap manifests').action(async ({ limit }: { limit: number }) => {
    const listed = await context.asMember((client) =>
      upTo(limit, async (ask) => {
        const { manifests: rows, nextPageToken: next } = await client.dataMap.listManifests(ask);
        return { rows, next };
      }),
    );
    context.output.list(listed, {
      json: (manifest) => manifest,
      row: ({ service, version, seenAt, answeringStores, stores, refused }) => ({
        ...{ service, version: version.slice(0, 12), seen: time(seenAt), answering: answeringStores, stores },
        refused,
      }),
      columns: ['service', 'version', 'seen', 'answering', 'stores', 'refused'],
    });
  });
  addFiles(dataMap, context);
}

function addList(dataMap: Command, context: Context): void {
  const list = dataMap
    .command('list')
    .description('Stores by service and name: what they hold, and what an erasure does.')
    .option('--service <name>', 'of this service', '')
    .option('--kind <kind>', 'table, object, keys, cache, queue, processor, hashes, copy, log or retired', '')
    .option('--category <category>', 'that hold this category of data or one below it', '')
    .option(...LIMIT);
  withExample(list, 'heed datamap list --service messaging', 'heed datamap list --kind copy').action(
    async ({ limit, ...filter }: ListOptions) => {
      const stores = await context.asMember((client) =>
        upTo(limit, async (ask) => {
          const answer = await client.dataMap.listStores({ ...ask, ...filter });
          return { rows: answer.stores, next: answer.nextPageToken };
        }),
      );
      context.output.list(stores, {
        json: (store) => store,
        row: rowOf,
        columns: ['store', 'kind', 'categories', 'on_erasure', 'ground', 'days', 'sealed'],
      });
    },
  );
}

function addFiles(dataMap: Command, context: Context): void {
  const manifest = dataMap
    .command('manifest <service>')
    .description(
      'A manifest as its service signed it: canonical JSON, to a file; prints version and signature.',
    )
    .option('--version-id <sha256>', 'the one that a certificate names (default: the last)', '')
    .requiredOption('--out <file>', 'where to write it');
  withExample(manifest, 'heed datamap manifest contacts --out contacts.json').action(
    async (service: string, { versionId, out }: { versionId: string; out: string }) => {
      const answer = await context.asMember((client) =>
        client.dataMap.getManifest({ service, version: versionId }),
      );
      writeFileSync(out, answer.manifest);
      const { version, keyId, signature } = answer;
      context.output.record({
        ...{ file: out, version, key: keyId },
        signature: Buffer.from(signature).toString('base64'),
      });
    },
  );
  const fides = dataMap
    .command('fides')
    .description('Writes the data map as datasets of Fides (fideslang 3), for tools that read those.')
    .option('--service <name>', 'of this service alone (default: of all)', '')
    .option('--out <file>', 'where to write it', 'heed-datasets.yml');
  withExample(fides, 'heed datamap fides --out .fides/heed.yml').action(
    async ({ service, out }: { service: string; out: string }) => {
      const { datasets } = await context.asMember((client) => client.dataMap.exportDatasets({ service }));
      writeFileSync(out, datasets);
      context.output.record({ file: out });
    },
  );
}

function rowOf(store: privacyV1.Store): object {
  const { service, name, kind, categories, onErasure, ground, keptDays, sealed } = store;
  return {
    ...{ store: `${service}.${name}`, kind, categories: categories.join(' '), on_erasure: onErasure, ground },
    ...{ days: keptDays === 0 ? '' : keptDays, sealed: sealed ? 'yes' : '' },
    ...(store.selfAttested && { self_attested: 'yes' }),
  };
}
