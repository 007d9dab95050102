// Loyalty points: a service that is none of Heed's, holds people of its own, and takes part in data rights.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { answerTo, Refused, toSubmit, verified } from './answer-orders.mjs';
import { canonicalJson, manifestOf, readKey, signed, token } from './forms.mjs';
import { Store } from './store.mjs';
import { isRefused, Privacy, reasonOf } from './wire.mjs';

const NAME = process.env.LOYALTY_NAME ?? 'loyalty';
const STORES = [
  {
    ...{ kind: 'table', of: 'subject', name: 'member', onErasure: 'delete', onCorrection: 'correct' },
    ...{ categories: ['user.contact.email'], description: 'Members of the programme and their points' },
  },
];

const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
process.once('SIGINT', () => stopping.abort());

/** Dealt with, or refused and passed by: either way the next one may come. */
async function take(delivered, me, store, privacy) {
  if (!delivered.orders) return;
  try {
    const order = verified(delivered, me, store);
    const [receipt, openings] = toSubmit(await answerTo(order, me, store, privacy));
    await privacy.submitReceipt(delivered.tenant_id, receipt, openings);
    say('answered', { position: delivered.position, batch: receipt.batch_id, action: receipt.action });
  } catch (error) {
    if (error instanceof Refused) say('refused', { position: delivered.position, why: error.message });
    // As after our database was put back, when privacy has our first word already. What is still owed is asked again.
    else if (isRefused(error)) say('not taken', { position: delivered.position, why: reasonOf(error) });
    else throw error;
  }
}

/** One stream, for as long as it lasts. Throws what ended it. */
async function listen(me, store, privacy) {
  const { bytes, version } = me.manifest;
  await privacy.registerManifest(bytes, signed('manifest', bytes, me.key), me.key.keyId);
  say('registered', { manifest: version });
  const { stream, cancel } = privacy.pullOrders(store.cursor);
  stopping.signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const delivered of stream) {
      // One is missing: whoever dropped it, the same stream will not bring it.
      if (delivered.position !== store.cursor + 1) return say('a gap', { position: delivered.position });
      await take(delivered, me, store, privacy);
      store.moveTo(delivered.position);
    }
  } finally {
    stopping.signal.removeEventListener('abort', cancel);
    cancel();
  }
}

async function main([command, ...rest]) {
  const store = new Store(need('LOYALTY_DB'));
  if (command === 'join') store.join(...rest.slice(0, 1), rest[1] || null, rest[2], 100);
  else if (command === 'count')
    console.log(store.count(rest[0], rest.slice(1, 2).filter(Boolean), rest.slice(2).filter(Boolean)));
  else if (command === 'earn') console.log(store.earn(...rest.slice(0, 2), Number(rest[2])));
  else if (command === 'retire') await retire(store, rest[0] ?? '');
  else if (command === 'rotate') await rotate(need('LOYALTY_NEXT_KEY'));
  else if (command === 'key') console.log(keyOf(need('LOYALTY_KEY')).publicKey.toString('base64'));
  else await serve(store);
  store.close();
}

/**
 * The last receipt: what remains of each store. All of it may have been handed to a store that somebody else declares, and
 * then is theirs to answer for; else it must be gone first. Orders from before are still to be answered: go on until then.
 */
async function retire(store, to) {
  const me = { key: keyOf(need('LOYALTY_KEY')), manifest: manifestOf(NAME, STORES) };
  const count = store.all();
  if (count > 0 && !to) throw new Error(`${count} members are left: name the store that has them now`);
  const what = count > 0 ? 'HANDED_OVER' : 'EMPTIED';
  const remains = [{ store: `${NAME}.member`, what, count, to: count > 0 ? to : '', ground: '', until: '' }];
  const bytes = Buffer.from(
    canonicalJson({
      ...{ at: new Date().toISOString(), format: 'heed retirement v2', manifest: me.manifest.version },
      ...{ remains, service: NAME },
    }),
  );
  const privacy = new Privacy(need('HEED_PRIVACY'), (tenantId) => token(NAME, me.key, tenantId));
  const signature = signed('retirement', bytes, me.key, 'v2');
  const { unanswered } = await privacy.retire(bytes, signature, me.key.keyId);
  say('retired', { unanswered });
  privacy.close();
}

/** Goes on with the key in this file, which is made where it is not there. Afterwards start with LOYALTY_KEY set to it. */
async function rotate(file) {
  const [key, next] = [keyOf(need('LOYALTY_KEY')), keyOf(file)];
  const change = Buffer.from(
    canonicalJson({
      ...{ format: 'heed key change v1', key: next.publicKey.toString('base64') },
      ...{ previous_key: key.keyId, service: NAME },
    }),
  );
  const privacy = new Privacy(need('HEED_PRIVACY'), (tenantId) => token(NAME, key, tenantId));
  await privacy.changeKey(change, signed('key change', change, key), signed('key change', change, next));
  say('goes on with', { key: next.keyId });
  privacy.close();
}

async function serve(store) {
  const me = {
    ...{ name: NAME, key: keyOf(need('LOYALTY_KEY')), manifest: manifestOf(NAME, STORES) },
    ordersKey: Buffer.from(need('HEED_ORDERS_KEY'), 'base64'),
  };
  const privacy = new Privacy(need('HEED_PRIVACY'), (tenantId) => token(NAME, me.key, tenantId));
  for (let pause = 100; !stopping.signal.aborted; pause = Math.min(pause * 2, 5_000)) {
    try {
      await listen(me, store, privacy);
      pause = 50;
    } catch (error) {
      if (stopping.signal.aborted) break;
      say('again', { why: reasonOf(error) });
    }
    await wait(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
  privacy.close();
}

function keyOf(file) {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  return readKey(readFileSync(file));
}

function need(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`set ${name}: README.md says what it is`);
  process.exit(2);
}

/** Ids and codes only: a log is a store, too. */
function say(what, facts = {}) {
  console.log(JSON.stringify({ what, ...facts }));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}
