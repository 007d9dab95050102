#!/usr/bin/env node
// Verifies a certificate of Heed offline: node verify-certificate.mjs FILE --key VKEY [--witness VKEY ...]
// This file is all of it: copy it anywhere, run it with Node 20.11 or newer. What it verifies: docs/certificate.md.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';

/** What each right orders of every service, and where each outcome may stand in a closed request. */
// prettier-ignore
const RIGHTS = {
  ACCESS: ['ACCESS'], CORRECTION: ['CORRECT', 'PROBE'], ERASURE: ['ERASE', 'PROBE'], LIFT: ['LIFT'],
  RESTRICTION: ['RESTRICT'],
};
const ALL = Object.values(RIGHTS).flat();
const FIRST = ALL.filter((action) => action !== 'PROBE');
// prettier-ignore
const OUTCOMES = {
  ANONYMISED: ['ERASE'], AT_PROCESSOR: ALL, CORRECTED: ['CORRECT'], ERASED: ['ERASE'], EXPORTED: ['ACCESS'], IN_BACKUP: ALL,
  LIFTED: ['LIFT'], NOTHING_HELD: FIRST,
  PROBED_CLEAN: ['PROBE'], PROBED_FOUND: [], RESTRICTED: ['RESTRICT'], RETAINED: ALL,
};

// Forms: a pattern for texts, a function, [form] for lists, an object for these members and no others (`?`: or none).
const from = (least) => (value) => Number.isSafeInteger(value) && value >= least;
const oneOf = (values) => (value) => values.includes(value);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const by = (names, form) => (value) =>
  isObject(value) && Object.entries(value).every(([name, each]) => is(names, name) && is(form, each));
// Base64 in its one form: the decoder takes many texts for the same bytes.
const isBase64 = (value) => typeof value === 'string' && bytes(value).toString('base64') === value;
const sized = (length) => (value) => isBase64(value) && bytes(value).length === length;
const orEmpty = (form) => (value) => value === '' || is(form, value);
const isStore = (value) => typeof value?.kind === 'string' && typeof value.name === 'string';
// prettier-ignore
const [CODE, DIGEST, KEY_ID, SERVICE, STORE, TIME, UUID, COUNT, HASH, ACTION] = [
  /^[a-z0-9_]{0,60}$/, /^[0-9a-f]{64}$/, /^[0-9a-f]{16}$/, /^[a-z][a-z0-9-]{0,39}$/, /^[a-z][a-z0-9-]*\.[a-z0-9_.-]{1,120}$/,
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  from(0), sized(32), oneOf(ALL),
];
// prettier-ignore
const [ABOUT, OF_KEY, SIGNED, OPENED] = [
  { request: UUID, subject: UUID, tenant: UUID },
  { at: TIME, key_id: KEY_ID, service: SERVICE },
  { key_id: KEY_ID, keys: COUNT, root: HASH, service: SERVICE, signature: sized(64), signed_at: TIME, tree_size: from(1) },
  { leaf: COUNT, salt: HASH, statement: isBase64 },
];
// prettier-ignore
const FORMS = { __proto__: null,
  file: { certificate: /^heed\/v1$/, claims: isObject, manifests: by(SERVICE, (value) => is([isStore], value?.stores)),
    log: { checkpoint: /^/, leaves: [{ data: isBase64, index: COUNT, proof: [HASH] }] },
    openings: [{ ...OPENED, path: [HASH], position: COUNT, receipt: { batch: UUID, id: UUID } }],
    'processors?': [OPENED], request: OPENED, sweeps: [{ ...OPENED, path: [HASH], position: COUNT }] },
  request: { ...ABOUT, closed_at: TIME, format: /^heed request v1$/, 'informed?': CODE, manifests: by(SERVICE, DIGEST),
    'exceptions?': [{ action: ACTION, service: SERVICE, since: TIME, why: /^(open|found|refused|untold)$/ }], 'reason?': /^[a-z0-9_]{1,60}$/,
    'not_asked?': [STORE],
    objects: oneOf([true, false]), orders: by(ACTION, UUID), received_at: TIME, right: oneOf(Object.keys(RIGHTS)),
    subject_kind: /^(CONTACT|MEMBER)$/, verification: CODE },
  statement: { ...ABOUT, action: ACTION, at: TIME, format: /^heed statement v1$/, manifest: DIGEST, order: UUID,
    entries: [{ count: COUNT, detail: CODE, digest: orEmpty(DIGEST), outcome: oneOf(Object.keys(OUTCOMES)),
      store: STORE, until: orEmpty(TIME) }],
    order_number: from(1), service: SERVICE },
  told: { ...ABOUT, answer: orEmpty(DIGEST), at: TIME, expected_by: orEmpty(TIME), format: /^heed processor v1$/,
    name: /^\P{Cc}{1,100}$/u, reference: /^[ -~]{0,100}$/, said_by: /^(PERSON|PROCESSOR)$/, service: SERVICE,
    state: /^(PENDING|IN_PROGRESS|COMPLETED|CANCELLED)$/, store: STORE, told_at: TIME },
  swept: { ...ABOUT, at: TIME, columns: COUNT, excepted: COUNT, format: /^heed sweep v1$/, found: COUNT, needles: COUNT,
    objects: COUNT, service: SERVICE, sweep: UUID },
  key_added: { ...OF_KEY, key: HASH, 'previous?': COUNT, 'self_attested?': oneOf([true]), type: /^/ },
  key_revoked: { ...OF_KEY, previous: COUNT, type: /^/ },
  probe: { ...SIGNED, action: /^PROBE$/, manifest: DIGEST, type: /^/ },
  receipt: { ...SIGNED, action: oneOf(FIRST), manifest: DIGEST, type: /^/ },
  request_closed: { commitment: HASH, type: /^/ },
  processor_answer: { commitment: HASH, type: /^/ },
  sweep: { ...SIGNED, sweep: UUID, type: /^/ },
};

/**
 * Nothing in the file is believed: the checkpoint is signed by the key, the leaves are in its tree, the receipts in the
 * leaves are signed by keys that the log took in before, the statements open from them, every declared store has
 * answered, and the readable part is what all of this says. Throws an Error: its `reason` says what does not hold.
 */
export function verifyCertificate(file, vkey, witnesses = []) {
  const keys = [readVerifierKey(vkey), ...witnesses.map((witness) => readVerifierKey(witness, 4))];
  const { log, claims, manifests, ...said } = read(file, FORMS.file, 'the file');
  const { origin, size, root } = openCheckpoint(log.checkpoint, ...keys);
  const leaves = new Map();
  for (const { index, data, proof } of inOrder(log.leaves, 'index')) {
    demand(rootOf(leafHash(data), index, size, proof)?.equals(root), 'LEAF_NOT_IN_LOG', `leaf ${index}`);
    const isLeaf = (leaf) => is(FORMS[leaf?.type] ?? {}, leaf);
    leaves.set(index, read(bytes(data), isLeaf, `leaf ${index}`));
  }
  const used = new Set();
  const take = (index, ...types) => {
    demand(types.includes(leaves.get(index)?.type), 'LEAF_MALFORMED', `leaf ${index}`);
    used.add(index);
    return leaves.get(index);
  };
  const committed = ({ leaf, salt, statement }, type, form, what) => {
    const isCommitted = leafHash(salt, statement).equals(bytes(take(leaf, type).commitment));
    demand(isCommitted, 'STATEMENT_NOT_COMMITTED', what);
    return read(bytes(statement), form, what);
  };
  const closed = said.request.leaf;
  const request = committed(said.request, 'request_closed', FORMS.request, 'the request');
  const statements = inOrder(said.openings, 'leaf').map((opening) => {
    const leaf = take(opening.leaf, 'receipt', 'probe');
    const ids = { batch_id: opening.receipt.batch, receipt_id: opening.receipt.id };
    const signed = { ...ids, action: leaf.action, manifest_version: leaf.manifest };
    const answer = prove(opening, leaf, FORMS.statement, 'heed receipt v1', signed, take);
    demand(opening.leaf < closed, 'ANSWER_MISSING', `leaf ${opening.leaf} stands behind the request's end`);
    return answer;
  });
  demand(said.processors?.length !== 0, 'CERTIFICATE_MALFORMED', 'processors: none are not there');
  const told = inOrder(said.processors ?? [], 'leaf').map((opening) => {
    return { ...committed(opening, 'processor_answer', FORMS.told, 'a processor'), leaf: opening.leaf };
  });
  const sweeps = said.sweeps.map((opening) => {
    const leaf = take(opening.leaf, 'sweep');
    const swept = prove(opening, leaf, FORMS.swept, 'heed sweep v1', { sweep: leaf.sweep }, take);
    demand(opening.leaf > closed, 'SWEEP_NOT_PROVED', swept.service);
    const isOurs = isAbout(request, swept) && request.right === 'ERASURE' && swept.service in manifests;
    demand(isOurs, 'STATEMENT_OF_ANOTHER', `the sweep of ${swept.service}`);
    return swept;
  });
  inOrder(sweeps, 'service');
  for (const index of leaves.keys()) demand(used.has(index), 'LEAF_MALFORMED', `leaf ${index}`);
  const answers = demandComplete(request, manifests, statements);
  demandTold(request, statements, told, closed);
  const isSaid = canonical(claimsOf(request, manifests, answers, sweeps, told)) === canonical(claims);
  demand(isSaid, 'CLAIMS_NOT_PROVED', 'the readable part says something else');
  const probes = statements.filter(({ action }) => action === 'PROBE').length;
  const counts = { receipts: statements.length - probes, probes };
  return { claims, log: { origin, size }, manifests: request.manifests, ...counts };
}

/**
 * A statement, opened from what its leaf signs for, by the key that was valid where the leaf stands. All leaves about the
 * keys of a service are a chain, of which the leaf names the last: nobody can leave out the one that revokes.
 */
function prove({ leaf: at, path, position, salt, statement }, leaf, form, what, more, take) {
  const { key_id, keys, root, service, signature, signed_at, tree_size } = leaf;
  let key;
  for (let index = keys, before = at; index !== undefined;) {
    const of = take(index, 'key_added', 'key_revoked');
    demand(index < before && of.service === service, 'SERVICE_KEY_UNKNOWN', `${service}: leaf ${index}`);
    const isRevoked = of.type === 'key_revoked' && of.key_id === key_id;
    demand(!isRevoked, 'SERVICE_KEY_REVOKED', `${service}: leaf ${at}, by leaf ${index}`);
    if (of.key_id === key_id && sha256(bytes(of.key)).toString('hex').startsWith(key_id)) key ??= of;
    [before, index] = [index, of.previous];
  }
  demand(key, 'SERVICE_KEY_UNKNOWN', `${service}: leaf ${at}`);
  const signed = `${what}\n${canonical({ ...more, key_id, root, service, signed_at, tree_size })}`;
  demand(isSigned(bytes(key.key), signed, bytes(signature)), 'RECEIPT_NOT_SIGNED', `${service}: leaf ${at}`);
  const isOpened = rootOf(leafHash(salt, statement), position, tree_size, path)?.equals(bytes(root));
  demand(isOpened, 'STATEMENT_NOT_COMMITTED', `${service}: leaf ${at}`);
  const said = read(bytes(statement), form, `${service}: the statement of leaf ${at}`);
  const isSame = ['action', 'manifest', 'service', 'sweep'].every((member) => said[member] === leaf[member]);
  demand(isSame, 'STATEMENT_OF_ANOTHER', `${service}: leaf ${at}`);
  return { ...said, leaf: at, selfAttested: key.self_attested };
}

/** Every store of every pinned manifest has answered everything that was ordered. What each service said. */
function demandComplete(request, manifests, statements) {
  const { right, orders, exceptions = [], reason, informed, not_asked: others } = request;
  const services = Object.keys(manifests);
  const areAll = services.length > 0 && services.join() === Object.keys(request.manifests).join();
  demand(areAll, 'MANIFEST_NOT_PINNED', services.join());
  for (const [service, manifest] of Object.entries(manifests)) {
    const isPinned = sha256(canonical(manifest)).toString('hex') === request.manifests[service];
    demand(isPinned && manifest.service === service, 'MANIFEST_NOT_PINNED', service);
  }
  // LAW: GDPR Art. 18(3): whoever was restricted is told before it is lifted.
  demand((right === 'LIFT') === (informed !== undefined), 'ANSWER_MISSING', 'how the person was told');
  const isDemanded = ({ service, action }) => service in manifests && RIGHTS[right].includes(action);
  const isFirst = (each, at, all) => find(all, each.service, each.action) === each;
  const areReasoned = exceptions.length > 0 === (reason !== undefined) && request.exceptions?.length !== 0;
  const areExceptions = areReasoned && exceptions.every(isDemanded) && exceptions.every(isFirst);
  demand(areExceptions, 'ANSWER_MISSING', 'exceptions, or their reason');
  // Participants that such a request does not go to: by name, each once, and none of those that had to answer.
  const isOther = (store, at) => !(serviceOf(store) in manifests) && (at === 0 || others[at - 1] < store);
  const areOthers = ['ACCESS', 'CORRECTION'].includes(right) && others?.length > 0 && others.every(isOther);
  demand(!others || areOthers, 'ANSWER_MISSING', 'who was not asked');
  for (const said of statements) {
    const isOrdered = isDemanded(said) && said.order === orders[said.action];
    const isOurs = isAbout(request, said) && isOrdered && said.manifest === request.manifests[said.service];
    demand(isOurs && isFirst(said, 0, statements), 'STATEMENT_OF_ANOTHER', `${said.service}: ${said.action}`);
  }
  return services.map((service) => {
    for (const action of RIGHTS[right]) {
      const [said, why] = [find(statements, service, action), find(exceptions, service, action)?.why];
      if (why === 'open') demand(!said, 'STATEMENT_OF_ANOTHER', `${service}: ${action} is not missing`);
      else demandEveryStore(said, `${service}: ${action}`, storesOf(manifests[service]), why === 'found');
    }
    const done = statements.find((said) => said.service === service && said.action !== 'PROBE');
    const probe = find(statements, service, 'PROBE');
    const isNumbered = !probe || !done || probe.order_number > done.order_number;
    const isLater = !probe || !done || (probe.leaf > done.leaf && probe.at >= done.at);
    demand(isNumbered && isLater, 'ANSWER_MISSING', `${service}: searched after it had erased`);
    return { service, done, probe };
  });
}

function demandEveryStore(said, what, stores, hasFound) {
  const answered = said?.entries.map(({ store }) => store) ?? [];
  const odd = [...stores, ...answered].find(
    (store, at, all) => all.indexOf(store) === all.lastIndexOf(store),
  );
  demand(said && !odd && answered.join() === stores.join(), 'ANSWER_MISSING', `${what}: ${odd ?? 'order'}`);
  const isFound = ({ outcome }) => said.action === 'PROBE' && outcome === 'PROBED_FOUND';
  demand(hasFound === said.entries.some(isFound), 'ANSWER_MISSING', `${what}: what was found`);
  for (const entry of said.entries) {
    const isFinal = OUTCOMES[entry.outcome].includes(said.action) || isFound(entry);
    demand(isFinal, 'ANSWER_MISSING', `${what}: ${entry.store} says ${entry.outcome}`);
  }
}

/**
 * Of an erasure: whoever else has something of the person was told before it ended, and had not said no; or it says that
 * they were not, or had.
 */
function demandTold({ exceptions = [], ...request }, statements, told, closed) {
  const erased = statements.filter(({ action }) => action === 'ERASE').flatMap(({ entries }) => entries);
  const there = erased.flatMap(({ outcome, store }) => (outcome === 'AT_PROCESSOR' ? store : []));
  const isOurs = (word) =>
    isAbout(request, word) && there.includes(word.store) && word.service === serviceOf(word.store);
  for (const word of told) demand(isOurs(word), 'STATEMENT_OF_ANOTHER', `what ${word.store} was told`);
  const last = (store) => told.findLast((word) => word.store === store && word.leaf < closed)?.state;
  const servicesThat = (state) =>
    new Set(there.filter((store) => last(store) === state).map((store) => serviceOf(store)));
  const [silent, against] = [servicesThat(undefined), servicesThat('CANCELLED')];
  const refused = [...against].filter((service) => !silent.has(service));
  const missing = [
    ...[...silent].map((each) => `${each} untold`),
    ...refused.map((each) => `${each} refused`),
  ];
  const others = exceptions.filter(({ why }) => why === 'untold' || why === 'refused');
  const isSaid =
    others
      .map(({ service, why }) => `${service} ${why}`)
      .sort()
      .join() === missing.sort().join();
  const areErasures = others.every(({ action }) => action === 'ERASE');
  demand(isSaid && areErasures, 'ANSWER_MISSING', `told nothing, or said no: ${missing}`);
}

/** The readable part, as it follows from what was proved. */
function claimsOf(request, manifests, answers, sweeps, told) {
  const { exceptions = [] } = request;
  const missing = (service, actions) => {
    const found = exceptions.find((each) => each.service === service && actions.includes(each.action));
    return found && { outcome: 'UNREACHABLE', since: found.since };
  };
  const stores = answers.flatMap(({ service, done, probe }) => {
    const unanswered = (store) => ({ service, store, ...missing(service, FIRST) });
    if (!done) return storesOf(manifests[service]).map(unanswered);
    const marks = probe && { answered_at: probe.at, self_attested: probe.selfAttested };
    const found = ({ store }) => probe.entries.find((entry) => entry.store === store);
    const searched = (entry) => ({ ...without(found(entry), ['store', 'digest']), ...marks });
    const probed = (entry) => (probe ? searched(entry) : missing(service, ['PROBE']));
    return done.entries.map((entry) => {
      const last = told.findLast(({ store }) => store === entry.store);
      const processor = last && without(last, ['format', 'leaf', 'service', 'store', ...Object.keys(ABOUT)]);
      return { ...entry, answered_at: done.at, processor, service, probe: probed(entry) };
    });
  });
  const said = { ...without(request, ['format', 'manifests', 'orders']), stores };
  if (request.right !== 'ERASURE') return said;
  // A participant searches by itself alone, and is not asked to.
  const asked = answers.filter(({ done }) => done && !done.selfAttested);
  const isDone = asked.every(({ service }) => sweeps.some((sweep) => sweep.service === service));
  const ids = ['format', 'leaf', 'selfAttested', 'sweep', ...Object.keys(ABOUT)];
  const services = sweeps.map((swept) => without(swept, ids));
  return { ...said, sweep: { state: isDone ? 'DONE' : 'DUE', services } };
}

const find = (list, service, action) =>
  list.find((each) => each.service === service && each.action === action);
const serviceOf = (store) => store.slice(0, store.indexOf('.'));
const isAbout = (request, said) => Object.keys(ABOUT).every((member) => said[member] === request[member]);
/** Tables of a tenant are about nobody, those of the infrastructure hold ids: all other stores answer. */
const storesOf = ({ service, stores }) =>
  stores
    .flatMap(({ kind, name, of }) => (kind !== 'table' || of === 'subject' ? `${service}.${name}` : []))
    .sort();

/** SPEC: C2SP signed-note: `<name>+<hash>+<key>`; the key's first byte is 1 for a log, 4 for a witness. */
export function readVerifierKey(vkey, kind = 1) {
  const [, name, hash, text = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey.trim()) ?? [];
  const [key, digest] = [bytes(text), sha256(`${name}\n`, bytes(text)).subarray(0, 4)];
  const isKey = isBase64(text) && key.length === 33 && key[0] === kind && digest.toString('hex') === hash;
  demand(isKey, 'VERIFIER_KEY_MALFORMED', vkey);
  return { name, hash: digest, publicKey: key.subarray(1) };
}

/**
 * SPEC: C2SP tlog-checkpoint: origin, size and root, an empty line, a line for each signature. It must bear those of the
 * log and of these witnesses, in this order, and no others: bytes that nobody vouches for have no place in a certificate.
 */
export function openCheckpoint(note, log, ...witnesses) {
  const form = /^(([^\n]+)\n(0|[1-9]\d{0,14})\n([^\n]+)\n)\n((?:\u2014 [^\n]+\n)+)$/;
  const [, text, origin, size, root, lines = ''] = form.exec(note) ?? [];
  const signatures = lines.split('\n').slice(0, -1);
  const isBy = ({ name, hash, publicKey }, at) => {
    const [, signer, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(signatures[at]) ?? [];
    if (signer !== name || !isBase64(encoded) || !bytes(encoded).subarray(0, 4).equals(hash)) return false;
    const signature = bytes(encoded).subarray(4);
    if (at === 0) return isSigned(publicKey, text, signature);
    // SPEC: C2SP tlog-cosignature: seconds, then the signature.
    const seconds = signature.length === 72 && signature.readBigUInt64BE();
    return isSigned(publicKey, `cosignature/v1\ntime ${seconds}\n${text}`, signature.subarray(8));
  };
  const areAll = signatures.length === witnesses.length + 1 && [log, ...witnesses].every(isBy);
  const isOurs = areAll && origin === log.name && HASH(root);
  demand(
    isOurs,
    'CHECKPOINT_NOT_SIGNED',
    `the checkpoint is signed by another key than ${log.name}'s, or by more`,
  );
  return { origin, size: Number(size), root: bytes(root) };
}

/** SPEC: RFC 6962, section 2.1: the root of a tree of this size that follows from a leaf's hash and its audit path. */
function rootOf(hash, index, size, path) {
  if (index >= size || (size === 1) !== (path.length === 0)) return undefined;
  if (size === 1) return hash;
  let left = 1;
  while (left * 2 < size) left *= 2;
  const [below, sibling, isLeft] = [path.slice(0, -1), bytes(path.at(-1)), index < left];
  const near = isLeft ? rootOf(hash, index, left, below) : rootOf(hash, index - left, size - left, below);
  return near && sha256('\u0001', ...(isLeft ? [near, sibling] : [sibling, near]));
}

const bytes = (base64) => Buffer.from(base64, 'base64');
const leafHash = (...parts) => sha256('\u0000', ...parts.map(bytes));
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const without = (object, names) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** SPEC: RFC 8032, Ed25519. */
function isSigned(publicKey, text, signature) {
  const key = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  return verify(null, Buffer.from(text), createPublicKey({ key, format: 'jwk' }), signature);
}

/** SPEC: RFC 8785: members sorted by UTF-16 code units, texts and numbers as ECMAScript writes them. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('half of a character');
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).filter((name) => value[name] !== undefined);
  return `{${members.sort().map((name) => `${canonical(name)}:${canonical(value[name])}`)}}`;
}

/** Bytes that must be canonical JSON of this form, so that equal bytes say equal things. */
function read(data, form, what) {
  // Objects without a prototype: no member is there that was not written.
  const bare = (_, value) => (isObject(value) ? Object.assign(Object.create(null), value) : value);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    const value = JSON.parse(text, bare);
    if (canonical(value) === text && is(form, value)) return value;
  } catch {} // Not UTF-8, not JSON, or nested too deep to be read.
  return demand(false, 'CERTIFICATE_MALFORMED', `${what}: not canonical JSON of its form`);
}

function is(form, value) {
  if (form instanceof RegExp) return typeof value === 'string' && form.test(value);
  if (typeof form === 'function') return form(value);
  if (Array.isArray(form)) return Array.isArray(value) && value.every((each) => is(form[0], each));
  const all = Object.entries(form).map(([name, each]) => [name.replace('?', ''), each, name.endsWith('?')]);
  const isRight = ([name, each, mayMiss]) => (name in value ? is(each, value[name]) : mayMiss);
  const isKnown = (name) => all.some(([known]) => known === name);
  return isObject(value) && Object.keys(value).every(isKnown) && all.every(isRight);
}

/** In strict order by this member: there is one way to write it. */
function inOrder(list, member) {
  const isAfter = (each, at) => at === 0 || list[at - 1][member] < each[member];
  demand(list.every(isAfter), 'CERTIFICATE_MALFORMED', `not in order of ${member}`);
  return list;
}

function demand(holds, reason, about) {
  if (!holds) throw Object.assign(new Error(about), { reason });
}

if (process.argv[1] && import.meta.filename === realpathSync(process.argv[1])) {
  const [file, ...options] = process.argv.slice(2);
  const given = (name) => options.filter((_, at) => options[at - 1] === name);
  const [[key], witnesses] = [given('--key'), given('--witness')];
  try {
    const isUsage = file && key && options.length === 2 + 2 * witnesses.length;
    if (!isUsage) throw new Error('usage: node verify-certificate.mjs FILE --key VKEY [--witness VKEY ...]');
    console.log(JSON.stringify(verifyCertificate(readFileSync(file), key, witnesses), null, 2));
  } catch ({ reason, message }) {
    console.error(reason ? `not verified: ${reason}: ${message}` : message);
    process.exitCode = reason && reason !== 'VERIFIER_KEY_MALFORMED' ? 1 : 2;
  }
}
