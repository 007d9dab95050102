// What a participant does with a batch: believes nothing that is not signed, carries out, answers.
import { randomUUID } from 'node:crypto';
import { isSigned, keyIdOf, signReceipt } from './forms.mjs';
import { decodeBatch, reasonOf } from './wire.mjs';

export class Refused extends Error {}

/** The batch, if it is one to be obeyed. docs/join.md, "Orders", line by line. */
export function verified({ tenant_id: tenantId, orders }, me, store) {
  const bytes = Buffer.from(orders.batch);
  if (orders.key_id !== keyIdOf(me.ordersKey)) throw new Refused('signed by another key');
  if (!isSigned('orders', bytes, orders.signature, me.ordersKey)) throw new Refused('forged');
  const batch = decodeBatch(bytes);
  if (batch.batch_id !== orders.batch_id) throw new Refused('under the id of another batch');
  if (batch.tenant_id !== tenantId) throw new Refused('turned to another tenant');
  if (!(me.name in batch.manifests)) throw new Refused('for others');
  if (batch.manifests[me.name] !== me.manifest.version) throw new Refused('by a manifest that is not ours');
  const before = store.answerTo(batch.batch_id);
  if (before && !Buffer.from(before.batch).equals(bytes)) throw new Refused('altered');
  const isStale = ({ subject_id: id, order_number: number }) => number <= store.lastOrder(tenantId, id);
  if (!before && batch.orders.some(isStale)) throw new Refused('older than what was carried out');
  return { batch, bytes, answer: before && readAnswer(before.answer) };
}

/** Carries out a batch that was verified, and returns its answer: the very same one however often it is asked. */
export async function answerTo({ batch, bytes, answer }, me, store, privacy) {
  if (answer) return answer;
  const { tenant_id: tenantId, batch_id: batchId } = batch;
  const people = [];
  for (const order of batch.orders) {
    const [emails, changes] = order.corrects
      ? [[], await changesOf(order, tenantId, privacy)]
      : [await addressesOf(order, tenantId, privacy)];
    people.push({ order, ids: [order.subject_id, ...order.aliases], emails, changes });
  }
  return store.transaction(() => {
    const action = batch.action.replace('ACTION_', '');
    const at = new Date().toISOString();
    const statements = people.map(({ order, ids, emails, changes }) => ({
      ...{ action, at, entries: [entry(action, tenantId, { ids, emails, changes }, me, store)] },
      ...{ manifest: me.manifest.version, order: order.order_id, order_number: order.order_number },
      ...{ request: order.request_id, service: me.name, subject: order.subject_id, tenant: tenantId },
    }));
    const head = {
      ...{ action, batch_id: batchId, receipt_id: randomUUID(), service: me.name, signed_at: at },
      manifest_version: me.manifest.version,
    };
    const given = signReceipt(head, statements, me.key);
    for (const { order } of people) store.noteOrder(tenantId, order.subject_id, order.order_number);
    store.noteAnswer(batchId, bytes, JSON.stringify(given, asBase64));
    return given;
  });
}

/** None where the request has ended meanwhile: then it was answered, and this is an old order once more. */
async function addressesOf({ handle }, tenantId, privacy) {
  if (!handle) return [];
  try {
    return (await privacy.getSubjectIdentifiers(tenantId, handle)).emails;
  } catch (error) {
    if (reasonOf(error) === 'HANDLE_NOT_FOUND') return [];
    throw error;
  }
}

/** Addresses that take the place of others. Undefined where nobody knows any more: the person was erased since. */
async function changesOf({ handle }, tenantId, privacy) {
  try {
    const { corrections } = await privacy.getSubjectCorrections(tenantId, handle);
    // All else that can be corrected is not held here; nor is an address that takes the place of none.
    return corrections.filter(({ field, previous }) => field === 'PERSON_FIELD_EMAIL' && previous !== '');
  } catch (error) {
    if (reasonOf(error) === 'HANDLE_NOT_FOUND') return undefined;
    throw error;
  }
}

function entry(action, tenantId, { ids, emails, changes }, me, store) {
  const say = (outcome, count) => ({
    ...{ store: `${me.name}.member`, outcome, count, detail: '', digest: '', until: '' },
  });
  if (action === 'CORRECT') {
    const corrected = (changes ?? []).reduce((sum, change) => sum + store.correct(tenantId, ids, change), 0);
    return corrected > 0 ? say('CORRECTED', corrected) : say('NOTHING_HELD', 0);
  }
  if (action === 'PROBE') {
    const found = changes
      ? changes.reduce((sum, { previous }) => sum + store.countAt(tenantId, ids, previous), 0)
      : store.count(tenantId, ids, emails);
    return found > 0 ? say('PROBED_FOUND', found) : say('PROBED_CLEAN', 0);
  }
  if (action === 'RESTRICT' || action === 'LIFT') {
    const kept = store.restrict(tenantId, ids, emails, action === 'RESTRICT');
    return kept > 0 ? say(action === 'RESTRICT' ? 'RESTRICTED' : 'LIFTED', kept) : say('NOTHING_HELD', 0);
  }
  if (action !== 'ERASE') throw new Refused(`an order for something unknown: ${action}`);
  const erased = store.erase(tenantId, ids, emails);
  return erased > 0 ? say('ERASED', erased) : say('NOTHING_HELD', 0);
}

/** For SubmitReceipt: enums by their names in the contract. */
export function toSubmit({ receipt, openings }) {
  return [{ ...receipt, action: `ACTION_${receipt.action}` }, openings];
}

function asBase64(name, value) {
  // What a Buffer makes of itself before this sees it.
  return value?.type === 'Buffer' ? { base64: Buffer.from(value.data).toString('base64') } : value;
}

function readAnswer(text) {
  return JSON.parse(text, (_name, value) =>
    typeof value?.base64 === 'string' ? Buffer.from(value.base64, 'base64') : value,
  );
}
