import { completed, id, request, tenant, type Fault } from './planted-faults.js';

/** Somebody else has something of the person, as contacts says. */
const handedOver = `${completed}
  update opening set statement = convert_to(
    regexp_replace(convert_from(statement, 'UTF8'), '"outcome": "ERASED"', '"outcome": "AT_PROCESSOR"'), 'UTF8')
  where service = 'contacts';`;

const orderFor = (store: string, state: string): string => `
  insert into processor_order (tenant_id, processor_order_id, request_id, store, name, channels, handed_over, state,
    created_at, told_at)
  values ('${tenant}', '${id}', '${request}', ${store}, 'Relay', '{email}', 1, '${state}', clock_timestamp(),
    case '${state}' when 'NOT_TOLD' then null else clock_timestamp() end);`;
const answer = (state: string, leaf: string): string => `
  insert into processor_answer (tenant_id, processor_order_id, answer_no, statement, salt, leaf)
  values ('${tenant}', '${id}', 1, convert_to('{"state":"${state}"}', 'UTF8'), decode(repeat('ab', 32), 'hex'), ${leaf});`;
const theirs = `(select entry ->> 'store' from opening
  cross join lateral jsonb_array_elements(convert_from(statement, 'UTF8')::jsonb -> 'entries') entry
  where entry ->> 'outcome' = 'AT_PROCESSOR' limit 1)`;

/** Of erasures that are passed on. */
export const processorFaults: Fault[] = [
  [
    'an erasure that was not passed on',
    'privacy',
    handedOver,
    `I6 privacy: an erasure was completed although a processor that has something of its person was not told before: 1 (${request})`,
  ],
  [
    'an erasure that was passed on after it was completed',
    'privacy',
    `${handedOver} ${orderFor(theirs, 'PENDING')} ${answer('PENDING', '7')}`,
    `I6 privacy: an erasure was completed although a processor that has something of its person was not told before: 1 (${request})`,
  ],
  [
    'an erasure that was completed though its processor has said no',
    'privacy',
    `${handedOver} ${orderFor(theirs, 'CANCELLED')} ${answer('CANCELLED', '-1')}`,
    `I6 privacy: an erasure was completed although a processor that has something of its person had said no: 1 (${request})`,
  ],
  [
    'somebody who is told of a person whom they do not know',
    'privacy',
    `${completed} ${orderFor(`'contacts.relay'`, 'NOT_TOLD')}`,
    `I6 privacy: a processor is told of an erasure of somebody of whom it was handed nothing: 1 (${id})`,
  ],
  [
    'an answer of a processor that the log knows otherwise',
    'privacy',
    `${handedOver} ${orderFor(theirs, 'PENDING')} ${answer('PENDING', '1')}`,
    `I6 privacy: the log does not commit to what a processor was told or has said: 1 (${id})`,
  ],
  [
    'a processor that is shown to have said what it has not',
    'privacy',
    `${handedOver} ${orderFor(theirs, 'COMPLETED')} ${answer('PENDING', 'null')}`,
    `I6 privacy: what a processor has said last is not what its last statement says: 1 (${id})`,
  ],
];
