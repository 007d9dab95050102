import { type Tx } from '@heed/postgres';
import { type ProcessorAnswer, type ProcessorOrder, type ProcessorWord } from './processor.js';

const COLUMNS = `processor_order_id as "processorOrderId", request_id as "requestId", store, name, channels,
  handed_over::int as "handedOver", state, said_by as "saidBy", reference, created_at as "createdAt",
  told_at as "toldAt", expected_by as "expectedBy", answered_at as "answeredAt", problem, failures,
  needs_person as "needsPerson"`;

export type NewOrder = Pick<
  ProcessorOrder,
  'processorOrderId' | 'requestId' | 'store' | 'name' | 'channels' | 'handedOver' | 'needsPerson'
>;

/** One for a request and store, however often the erasure is ordered. Returns those that are new. */
export async function addOrders(tx: Tx, orders: readonly NewOrder[], at: Date): Promise<NewOrder[]> {
  const added = await tx.query<{ id: string }>(
    `insert into processor_order (tenant_id, processor_order_id, request_id, store, name, channels, handed_over,
       needs_person, state, created_at)
     select $1, id, request, store, name, string_to_array(channels, ','), handed_over, needs_person, 'NOT_TOLD', $9
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::boolean[])
       o (id, request, store, name, channels, handed_over, needs_person)
     on conflict do nothing returning processor_order_id as id`,
    [
      tx.tenantId,
      orders.map(({ processorOrderId }) => processorOrderId),
      orders.map(({ requestId }) => requestId),
      orders.map(({ store }) => store),
      orders.map(({ name }) => name),
      orders.map(({ channels }) => channels.join(',')),
      orders.map(({ handedOver }) => handedOver),
      orders.map(({ needsPerson }) => needsPerson),
      at,
    ],
  );
  const ids = new Set(added.map(({ id }) => id));
  return orders.filter(({ processorOrderId }) => ids.has(processorOrderId));
}

export async function orderById(tx: Tx, id: string): Promise<ProcessorOrder | undefined> {
  const [row] = await tx.query<ProcessorOrder>(
    `select ${COLUMNS} from processor_order where tenant_id = $1 and processor_order_id = $2`,
    [tx.tenantId, id],
  );
  return row;
}

export interface OrderFilter {
  /** Empty: of all. */
  requestId: string;
  needsPerson: boolean;
}

export function listOrders(
  tx: Tx,
  { requestId, needsPerson }: OrderFilter,
  after: string | undefined,
  limit: number,
): Promise<ProcessorOrder[]> {
  return tx.query<ProcessorOrder>(
    `select ${COLUMNS} from processor_order
     where tenant_id = $1 and ($2::uuid is null or processor_order_id > $2) and ($3::uuid is null or request_id = $3)
       and (not $4 or needs_person)
     order by processor_order_id limit $5`,
    [tx.tenantId, after ?? null, requestId || null, needsPerson, limit],
  );
}

/** What was said last; an answer to certify comes with it where it is news. */
export async function noteWord(tx: Tx, order: ProcessorOrder, word: ProcessorWord, at: Date): Promise<void> {
  await tx.execute(
    `update processor_order set state = $3, said_by = $4, reference = $5, expected_by = $6, answered_at = $7,
       told_at = coalesce(told_at, $7), problem = '', failures = 0, needs_person = $8, name = $9
     where tenant_id = $1 and processor_order_id = $2`,
    [
      ...[tx.tenantId, order.processorOrderId, word.state, word.saidBy, word.reference, word.expectedBy, at],
      ...[word.state === 'CANCELLED', order.name],
    ],
  );
}

export async function noteProblem(
  tx: Tx,
  id: string,
  problem: string,
  needsPerson: boolean,
  failures: number,
): Promise<void> {
  await tx.execute(
    `update processor_order set problem = $3, needs_person = needs_person or $4, failures = $5
     where tenant_id = $1 and processor_order_id = $2`,
    [tx.tenantId, id, problem, needsPerson, failures],
  );
}

export async function needPerson(tx: Tx, id: string): Promise<void> {
  await tx.execute(
    'update processor_order set needs_person = true where tenant_id = $1 and processor_order_id = $2',
    [tx.tenantId, id],
  );
}

export async function addAnswer(tx: Tx, id: string, { statement, salt }: ProcessorAnswer): Promise<void> {
  await tx.execute(
    `insert into processor_answer (tenant_id, processor_order_id, answer_no, statement, salt)
     select $1, $2, count(*) + 1, $3, $4 from processor_answer where tenant_id = $1 and processor_order_id = $2`,
    [tx.tenantId, id, statement, salt],
  );
}

export interface KeptAnswer extends ProcessorAnswer {
  answerNo: number;
  leaf: number | null;
}

const ANSWER = 'a.answer_no as "answerNo", a.statement, a.salt, a.leaf::int as leaf';

/** What the log does not know of yet, in its order. */
export function unloggedAnswers(tx: Tx, id: string): Promise<KeptAnswer[]> {
  return tx.query<KeptAnswer>(
    `select ${ANSWER} from processor_answer a
     where a.tenant_id = $1 and a.processor_order_id = $2 and a.leaf is null order by a.answer_no`,
    [tx.tenantId, id],
  );
}

export async function setAnswerLeaf(tx: Tx, id: string, answerNo: number, leaf: number): Promise<void> {
  await tx.execute(
    `update processor_answer set leaf = $4
     where tenant_id = $1 and processor_order_id = $2 and answer_no = $3 and leaf is null`,
    [tx.tenantId, id, answerNo, leaf],
  );
}

/** What the log knows of what processors were told of this request and have said. */
export async function answersOfRequest(
  tx: Tx,
  requestId: string,
): Promise<(KeptAnswer & { leaf: number })[]> {
  return tx.query<KeptAnswer & { leaf: number }>(
    `select ${ANSWER} from processor_order o join processor_answer a using (tenant_id, processor_order_id)
     where o.tenant_id = $1 and o.request_id = $2 and a.leaf is not null order by a.leaf`,
    [tx.tenantId, requestId],
  );
}

/** Where the words stand in the log that these requests rest on. */
export async function processorLeaves(tx: Tx, requestIds: readonly string[]): Promise<number[]> {
  const rows = await tx.query<{ leaf: number }>(
    `select a.leaf::int as leaf from processor_order o join processor_answer a using (tenant_id, processor_order_id)
     where o.tenant_id = $1 and o.request_id = any ($2::uuid[]) and a.leaf is not null`,
    [tx.tenantId, requestIds],
  );
  return rows.map(({ leaf }) => leaf);
}

/** An order `d` that keeps its request from being complete: its processor was not told, or has said no. */
export const IS_MISSING = `d.state in ('NOT_TOLD', 'CANCELLED')`;
/** An order `d` of which something was said that the log does not know of yet. */
export const IS_UNLOGGED = `exists (select 1 from processor_answer a
  where a.tenant_id = d.tenant_id and a.processor_order_id = d.processor_order_id and a.leaf is null)`;

export interface MissingProcessor {
  service: string;
  /** When it was to be told; when it said no. */
  since: Date;
  why: 'untold' | 'refused';
}

/** Services of which a processor has not been told of this request, or will not do it. */
export async function missingProcessors(tx: Tx, requestId: string): Promise<MissingProcessor[]> {
  return tx.query<MissingProcessor & object>(
    `select split_part(store, '.', 1) as service,
       coalesce(min(created_at) filter (where told_at is null), min(answered_at)) as since,
       case when bool_or(told_at is null) then 'untold' else 'refused' end as why
     from processor_order d where tenant_id = $1 and request_id = $2 and ${IS_MISSING} group by 1 order by 1`,
    [tx.tenantId, requestId],
  );
}

/** Its request is put before a person: at once where only one can go on, else at half of the time allowed. */
export async function putBeforePerson(tx: Tx, requestId: string, at: Date, atOnce: boolean): Promise<void> {
  await tx.execute(
    `update request set attention_at = $3
     where tenant_id = $1 and request_id = $2 and closed_at is null and attention_at is null
       and ($4 or $3 >= received_at + (due_at - received_at) / 2)`,
    [tx.tenantId, requestId, at, atOnce],
  );
}

/** Orders of a store that are to be passed on, or asked for: how that is done has changed. */
export async function ordersToAsk(tx: Tx, store: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update processor_order set needs_person = false, failures = 0
     where tenant_id = $1 and store = $2 and ${IS_ASKED} returning processor_order_id as id`,
    [tx.tenantId, store],
  );
  return rows.map(({ id }) => id);
}

/** What is passed on by itself, or asked for. */
export const IS_ASKED = `state not in ('COMPLETED', 'CANCELLED') and said_by is distinct from 'PERSON'`;

/** With the record of its request. */
export async function forgetOrders(tx: Tx, requestId: string): Promise<void> {
  const of = [tx.tenantId, requestId];
  await tx.execute(
    `delete from processor_answer a using processor_order o
     where a.tenant_id = $1 and o.tenant_id = $1 and o.request_id = $2 and o.processor_order_id = a.processor_order_id`,
    of,
  );
  await tx.execute('delete from processor_order where tenant_id = $1 and request_id = $2', of);
}
