import { completed, contact, id, request, tenant, type Fault } from './planted-faults.js';

/** Of requests that were taken back, or wait for a hold. */
export const requestFaults: Fault[] = [
  [
    'a request that was taken back and carried out',
    'privacy',
    `${completed} update request set state = 'CANCELLED'`,
    `I6 privacy: a request was refused or taken back although something was ordered for it: 1 (${request})`,
  ],
  [
    'an erasure that was taken back and not withdrawn',
    'privacy',
    `${completed} update request set state = 'CANCELLED'`,
    `I5 privacy: an erasure is withdrawn from the ledger and was not refused or taken back, or the other way round: 1 (${request})`,
  ],
  [
    'an erasure that was withdrawn and goes on',
    'privacy',
    `${completed} insert into erasure_ledger (tenant_id, subject_id, request_id, at, withdrawn)
       values ('${tenant}', '${contact}', '${request}', clock_timestamp(), true)`,
    `I5 privacy: an erasure is withdrawn from the ledger and was not refused or taken back, or the other way round: 1 (${request})`,
  ],
  [
    'a refusal that nobody can prove',
    'privacy',
    `${completed} update request set state = 'REFUSED', refusal_ground = 'legal_claims', closing_leaf = null`,
    `I6 privacy: a request was refused or taken back, and the log neither commits to that nor is about to be told: 1 (${request})`,
  ],
  [
    'an address of somebody who took their request back',
    'privacy',
    `${completed} update request set state = 'CANCELLED';
     insert into heed.subject (tenant_id, subject_id) values ('${tenant}', '${id}');
     insert into search_needle (tenant_id, needle_id, holder_id, request_id, handle, channel, address, created_at)
       values ('${tenant}', '${id}', '${id}', '${request}', '${id}', 'email', 'x', clock_timestamp())`,
    `I6 privacy: a request was refused or taken back, and what its person gave to be found by is still there: 1 (${request})`,
  ],
  [
    'an order that nobody has approved',
    'privacy',
    `${completed} update request set state = 'REVIEW', closed_at = null`,
    `I6 privacy: something was ordered for a request that no member has approved yet, or whose identity nobody has verified: 1 (${request})`,
  ],
  [
    'an erasure that waits for nothing',
    'privacy',
    `${completed} update request set state = 'HELD', closed_at = null`,
    `I6 privacy: an erasure waits for a hold that nobody has placed, or whose end was not heard: 1 (${request})`,
  ],
  [
    'an erasure of somebody who is held',
    'privacy',
    `${completed} insert into hold (tenant_id, hold_id, subject_id, subject_kind, ground, matter, placed_by, placed_at)
       values ('${tenant}', '${id}', '${contact}', 'contact', 'legal_claims', '2026/17', '${id}',
         clock_timestamp() - interval '1 hour')`,
    `I6 privacy: an erasure began although its person was held: 1 (${request})`,
  ],
];
