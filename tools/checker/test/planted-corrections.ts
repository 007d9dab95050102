import { completed, contact, type faults, request, tenant } from './planted-faults.js';

/** Faults of corrections, each in the place of an erasure that was completed. */
export const correctionFaults: typeof faults = [
  [
    'a store that did something else than correct',
    'privacy',
    `${completed} update request set asked_right = 'CORRECTION';
     update subject_order set action = 'CORRECT' where action = 'ERASE'`,
    'I6 privacy: a correction was closed although a store has said neither that it corrected',
  ],
  [
    'values of a correction that has ended',
    'privacy',
    `${completed} insert into heed.subject (tenant_id, subject_id) values ('${tenant}', '${contact}')
       on conflict do nothing;
     insert into request_correction (tenant_id, request_id, subject_id, content)
       values ('${tenant}', '${request}', '${contact}', 'x')`,
    `I6 privacy: what a request corrected is kept although it has ended, or is kept of a request for something else: 1 (${request})`,
  ],
];
