import { randomBytes } from 'node:crypto';
import { canonicalJson, inclusionProofs, leafHash, newId, rootOf, sha256, SigningKey } from '@heed/kernel';

// Makes certificates from nothing but docs/certificate.md: what privacy writes is verified in its own specs.

type Json = Record<string, unknown>;

export interface Draft {
  request: Json & { manifests: Record<string, string>; orders: Record<string, string> };
  manifests: Record<string, Json>;
  statements: (Json & {
    service: string;
    action: string;
    manifest: string;
    entries: Json[];
    /** Another key than its service's first. */
    signer?: SigningKey;
  })[];
  /** Who signs for a service; a spec may put another key here. */
  keys: Record<string, SigningKey>;
  /** Leaves of others that stand in the log between ours. */
  strangers: number;
  /** Whether the keys of these services enter the log. */
  keyLeaves: string[];
  /** Keys that enter or are revoked before the receipt of this statement. */
  keyEvents: { before: number; service: string; key: SigningKey; revoked?: boolean }[];
  /** Services that have searched since, and what else their statements say. */
  sweeps: Record<string, Json>;
  /** Of these, participants. */
  participants: string[];
  /** What processors were told and have said: before the request's end, or after it. */
  told: { before: Json[]; after: Json[] };
}

export const LOG = 'heed.test/log';
const AT = '2026-11-23T09:00:00.000Z';

export function draft(): Draft {
  const ids = { tenant: newId(), request: newId(), subject: newId() };
  const manifests = Object.fromEntries(
    ['contacts', 'telephony'].map((service) => [
      service,
      {
        format: 1,
        service,
        stores: [
          { kind: 'keys', name: 'keys' },
          { kind: 'table', name: 'call', of: 'subject' },
          { kind: 'table', name: 'heed.outbox', of: 'infrastructure' },
          { kind: 'table', name: 'list', of: 'tenant' },
        ],
      },
    ]),
  );
  const versions = Object.fromEntries(
    Object.entries(manifests).map(([service, manifest]) => [service, digest(manifest)]),
  );
  const orders = { ERASE: newId(), PROBE: newId() };
  const statement = (service: string, action: 'ERASE' | 'PROBE') => ({
    ...ids,
    format: 'heed statement v1',
    action,
    at: AT,
    manifest: versions[service]!,
    order: orders[action],
    order_number: action === 'ERASE' ? 1 : 2,
    service,
    entries: ['call', 'keys'].map((name) => ({
      count: action === 'ERASE' ? 2 : 0,
      detail: '',
      digest: '',
      outcome: action === 'ERASE' ? 'ERASED' : 'PROBED_CLEAN',
      store: `${service}.${name}`,
      until: '',
    })),
  });
  return {
    request: {
      ...ids,
      closed_at: AT,
      format: 'heed request v1',
      manifests: versions,
      objects: true,
      orders,
      received_at: AT,
      right: 'ERASURE',
      subject_kind: 'CONTACT',
      verification: 'email_code',
    },
    manifests,
    statements: (['ERASE', 'PROBE'] as const).flatMap((action) =>
      ['contacts', 'telephony'].map((service) => statement(service, action)),
    ),
    keys: { contacts: SigningKey.generate(), telephony: SigningKey.generate() },
    strangers: 3,
    keyLeaves: ['contacts', 'telephony'],
    keyEvents: [],
    sweeps: {},
    participants: [],
    told: { before: [], after: [] },
  };
}

export function digest(value: Json): string {
  return sha256(Buffer.from(canonicalJson(value))).toString('hex');
}

export function vkeyOf(key: SigningKey, name = LOG): string {
  const data = Buffer.concat([Uint8Array.of(1), key.publicKey]);
  return `${name}+${keyHash(key, name).toString('hex')}+${data.toString('base64')}`;
}

export function signNote(text: string, key: SigningKey, name = LOG): string {
  const signature = Buffer.concat([keyHash(key, name), key.sign(Buffer.from(text))]);
  return `${text}\n\u2014 ${name} ${signature.toString('base64')}\n`;
}

/** The file that these facts make, as an object that a spec may still spoil. */
export function certify(
  draft: Draft,
  logKey: SigningKey,
): Json & { log: Json; claims: Json & { stores: Json[] } } {
  const log: Buffer[] = [];
  const append = (data: Buffer): number => log.push(data) - 1;
  const stranger = (): void => {
    for (let i = 0; i < draft.strangers; i++) append(randomBytes(40));
  };
  const used: number[] = [];
  const latest: Record<string, number> = {};
  const keyLeaf = (service: string, says: Json): void => {
    const previous = latest[service];
    const chained = previous === undefined ? {} : { previous };
    used.push((latest[service] = append(bytes({ at: AT, service, ...says, ...chained }))));
  };
  const keyAdded = (service: string, key: SigningKey): void =>
    keyLeaf(service, {
      ...{ key: base64(key.publicKey), key_id: key.keyId, type: 'key_added' },
      ...(draft.participants.includes(service) ? { self_attested: true } : {}),
    });
  for (const service of draft.keyLeaves) keyAdded(service, draft.keys[service]!);
  const openings = draft.statements.map((statement, at) => {
    stranger();
    for (const { service, key, revoked } of draft.keyEvents.filter((event) => event.before === at))
      if (revoked) keyLeaf(service, { key_id: key.keyId, type: 'key_revoked' });
      else keyAdded(service, key);
    const key = statement.signer ?? draft.keys[statement.service]!;
    const opening = signReceipt(statement, key, latest[statement.service] ?? 0, append);
    used.push(opening.leaf);
    return opening;
  });
  const commit = (said: Json, type: string): Json & { leaf: number } => {
    const salt = randomBytes(32);
    const statement = bytes(said);
    const commitment = base64(leafHash(Buffer.concat([salt, statement])));
    const leaf = append(bytes({ commitment, type }));
    used.push(leaf);
    stranger();
    return { leaf, salt: base64(salt), statement: base64(statement) };
  };
  const told = (words: readonly Json[]) => words.map((word) => commit(word, 'processor_answer'));
  const before = told(draft.told.before);
  const request = commit(draft.request, 'request_closed');
  const processors = [...before, ...told(draft.told.after)];
  const sweeps = Object.entries(draft.sweeps).map(([service, more]) => {
    const sweep = signSweep(
      sweepSaid(draft, service, more),
      draft.keys[service]!,
      latest[service] ?? 0,
      append,
    );
    used.push(sweep.leaf);
    stranger();
    return sweep;
  });

  const hashes = log.map((data) => leafHash(data));
  const { proofs } = inclusionProofs(hashes);
  return {
    certificate: 'heed/v1',
    claims: claimsOf(draft),
    log: {
      checkpoint: signNote(`${LOG}\n${log.length}\n${base64(rootOf(hashes))}\n`, logKey),
      leaves: used
        .sort((a, b) => a - b)
        .map((index) => ({
          data: base64(log[index]!),
          index,
          proof: proofs[index]!.map(base64),
        })),
    },
    manifests: draft.manifests,
    openings,
    ...(processors.length > 0 && { processors }),
    request,
    sweeps,
  };
}

export const SWEPT = { columns: 300, excepted: 1, found: 1, needles: 2, objects: 40 };

function sweepSaid({ request }: Draft, service: string, more: Json): Json & { service: string } {
  const { tenant, request: id, subject } = request;
  const ids = { request: id, subject, sweep: newId(), tenant };
  return { ...{ ...ids, ...SWEPT, at: AT, format: 'heed sweep v1', service }, ...more };
}

/** A sweep for two requests, of which the second is ours. */
function signSweep(
  said: Json & { service: string },
  key: SigningKey,
  keys: number,
  append: (data: Buffer) => number,
): Json & { leaf: number } {
  const salt = randomBytes(32);
  const committed = [randomBytes(32), Buffer.concat([salt, bytes(said)])];
  const { root, proofs } = inclusionProofs(committed.map((data) => leafHash(data)));
  const signed = {
    ...{ key_id: key.keyId, root: base64(root), service: said.service, signed_at: AT },
    ...{ sweep: said['sweep'], tree_size: 2 },
  };
  const signature = base64(key.sign(Buffer.from(`heed sweep v1\n${canonicalJson(signed)}`)));
  const leaf = append(bytes({ ...signed, keys, signature, type: 'sweep' }));
  const path = proofs[1]!.map(base64);
  return { leaf, path, position: 1, salt: base64(salt), statement: base64(bytes(said)) };
}

/** A batch of three orders, of which the middle one is ours. */
function signReceipt(
  { signer: _signer, ...statement }: Draft['statements'][number],
  key: SigningKey,
  keys: number,
  append: (data: Buffer) => number,
): Json & { leaf: number } {
  const salt = randomBytes(32);
  const committed = [randomBytes(32), Buffer.concat([salt, bytes(statement)]), randomBytes(32)];
  const { root, proofs } = inclusionProofs(committed.map((data) => leafHash(data)));
  const receipt = { batch: newId(), id: newId() };
  const signed = {
    action: statement.action,
    batch_id: receipt.batch,
    key_id: key.keyId,
    manifest_version: statement.manifest,
    receipt_id: receipt.id,
    root: base64(root),
    service: statement.service,
    signed_at: AT,
    tree_size: 3,
  };
  const leaf = append(
    bytes({
      action: statement.action,
      key_id: key.keyId,
      keys,
      manifest: statement.manifest,
      root: base64(root),
      service: statement.service,
      signature: base64(key.sign(Buffer.from(`heed receipt v1\n${canonicalJson(signed)}`))),
      signed_at: AT,
      tree_size: 3,
      type: statement.action === 'PROBE' ? 'probe' : 'receipt',
    }),
  );
  const path = proofs[1]!.map(base64);
  return { leaf, path, position: 1, receipt, salt: base64(salt), statement: base64(bytes(statement)) };
}

function claimsOf({ request, statements, sweeps, participants, told }: Draft): Json & { stores: Json[] } {
  const { format: _format, manifests: _manifests, orders: _orders, ...facts } = request;
  const said = (service: string, action: string) =>
    statements.find((statement) => statement.service === service && statement.action === action);
  const done = (service: string) =>
    statements.find((statement) => statement.service === service && statement.action !== 'PROBE');
  return {
    ...facts,
    stores: Object.keys(request.manifests).flatMap((service) =>
      (done(service)?.entries ?? []).map((entry) => {
        const probe = said(service, 'PROBE')?.entries.find(({ store }) => store === entry['store']);
        const { store: _store, digest: _digest, ...found } = probe ?? {};
        const attested = participants.includes(service) && { self_attested: true };
        const words = [...told.before, ...told.after].filter(({ store }) => store === entry['store']);
        const { name, state, said_by, reference, told_at, at, expected_by, answer } = words.at(-1) ?? {};
        const last = { name, state, said_by, reference, told_at, at, expected_by, answer };
        return {
          ...{ ...entry, answered_at: AT, service },
          ...(words.length > 0 && { processor: last }),
          ...(probe && { probe: { ...found, answered_at: AT, ...attested } }),
        };
      }),
    ),
    ...(request['right'] === 'ERASURE' && {
      sweep: {
        state: Object.keys(request.manifests).every((name) => name in sweeps || participants.includes(name))
          ? 'DONE'
          : 'DUE',
        services: Object.entries(sweeps).map(([service, more]) => {
          const { at, columns, excepted, found, needles, objects } = { ...SWEPT, at: AT, ...more };
          return { at, columns, excepted, found, needles, objects, service };
        }),
      },
    }),
  };
}

function bytes(value: unknown): Buffer {
  return Buffer.from(canonicalJson(value));
}

function base64(data: Uint8Array): string {
  return Buffer.from(data).toString('base64');
}

/** SPEC: C2SP signed-note, key hash of Ed25519. */
function keyHash(key: SigningKey, name: string): Buffer {
  return sha256(Buffer.from(`${name}\n`), Uint8Array.of(1), key.publicKey).subarray(0, 4);
}
