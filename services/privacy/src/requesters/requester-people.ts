import { Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { type Leave, type OwnDenialReason, type OwnPeople } from '@heed/permits';
import { type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { holdInWords } from '../holds/hold-ground.js';
import { groundInWords } from '../requests/refusal-ground.js';
import { denialOf, NOTICE_FIELDS, whatWasAsked } from './requester.js';
import { toldTo, type Told } from './requester.store.js';
import { placeOfAddress } from './requesters.js';

/** What a permit for a requester is made of. */
export interface RequesterLeave extends Leave {
  told: Told;
}

const HASH_PURPOSE = 'requester-address';
const NORMALISER = 1;

/** Requesters, as privacy gives leave to write to them (ATTACKS 1.3). */
@Injectable()
export class RequesterPeople implements OwnPeople<RequesterLeave> {
  readonly issuer = 'privacy';
  readonly ruleVersion = 'requesters-1';
  readonly fields = NOTICE_FIELDS;

  constructor(private readonly sealing: Sealing) {}

  async judge(
    tx: Tx,
    asks: readonly contactsV1.PermitAsk[],
    at: Date,
  ): Promise<(RequesterLeave | OwnDenialReason)[]> {
    const rows = (await toldTo(tx, asks)).map((told, index) => ({ ask: asks[index]!, told }));
    const permitted = rows.filter(({ ask, told }) => denialOf(ask, told, at) === undefined);
    const opened = await this.sealing.openMany(
      tx,
      permitted.map(({ ask: { contactId: subjectId }, told: { address } }) => {
        return { subjectId, ...placeOfAddress(subjectId), sealed: address! };
      }),
    );
    const addresses = new Map(permitted.map(({ ask }, index) => [ask, opened[index]]));
    return rows.map(({ ask, told }) => {
      const denied = denialOf(ask, told, at);
      if (denied) return denied;
      // Forgotten a moment ago.
      const address = addresses.get(ask);
      return address ? { restsOn: ask.attemptId, address: address.toString('utf8'), told } : 'unknown';
    });
  }

  async fill(_tx: Tx, granted: readonly { found: RequesterLeave }[]): Promise<Record<string, string>[]> {
    return granted.map(({ found: { told } }) => ({
      ...{ request: told.requestId, what: whatWasAsked(told) },
      ...{ received: dayOf(told.receivedAt), due: dayOf(told.dueAt) },
      why: groundInWords(told.refusalGround) || holdInWords(told.holdGround),
    }));
  }

  hashes(tenantId: string, addresses: readonly string[]): Promise<Buffer[]> {
    const values = addresses.map((address) => address.toLowerCase());
    return this.sealing.keyedHashes(tenantId, HASH_PURPOSE, values, NORMALISER);
  }
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
