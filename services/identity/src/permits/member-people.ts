import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { type contactsV1 } from '@heed/contracts';
import { type Leave, type OwnDenialReason, type OwnPeople } from '@heed/permits';
import { type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { newInvitation } from '../invitations/invite.js';
import { NOTICE_FIELDS, type Notice } from '../notices/notice.js';
import { newReset } from '../passwords/new-reset.js';
import { type IdentitySettings } from '../settings.js';
import { denialOf } from './member-permit.js';
import { toldTo } from './member-permits.store.js';

/** What a permit for a member is made of. */
export interface MemberLeave extends Leave {
  notice: Notice;
  name: string;
  tenant: string;
}

const HASH_PURPOSE = 'member-address';
const NORMALISER = 1;

/** The page that a link leads to, below HEED_ACCOUNT_URL. The token stands behind a #: no server's log shows it. */
const PAGE: Record<Notice, string> = { invitation: 'invitation', password_reset: 'password' };

/** Members, as identity gives leave to write to them (ATTACKS 1.3). */
@Injectable()
export class MemberPeople implements OwnPeople<MemberLeave> {
  readonly issuer = 'identity';
  readonly ruleVersion = 'members-1';
  readonly fields = NOTICE_FIELDS;

  constructor(
    private readonly sealing: Sealing,
    @Inject(SETTINGS) private readonly settings: Pick<IdentitySettings, 'HEED_ACCOUNT_URL'>,
  ) {}

  async judge(
    tx: Tx,
    asks: readonly contactsV1.PermitAsk[],
    at: Date,
  ): Promise<(MemberLeave | OwnDenialReason)[]> {
    const told = await toldTo(tx, asks);
    return told.map((row, index) => {
      const ask = asks[index]!;
      const { email: address, name, tenant } = row;
      return denialOf(ask, row, at) ?? { restsOn: ask.attemptId, address, name, tenant, notice: row.notice! };
    });
  }

  /**
   * Each permit brings a token of its own, whose digest is all that is kept: no secret waits anywhere to be sent. Of
   * several that one person got this way the first to be used ends the others.
   */
  async fill(
    tx: Tx,
    granted: readonly { ask: contactsV1.PermitAsk; found: MemberLeave }[],
    at: Date,
  ): Promise<Record<string, string>[]> {
    const values: Record<string, string>[] = [];
    for (const { ask, found } of granted) {
      const { name, tenant, notice } = found;
      const make = notice === 'invitation' ? newInvitation : newReset;
      const { token, expiresAt } = await make(tx, ask.contactId, at);
      const hours = String(Math.round((expiresAt.getTime() - at.getTime()) / 3_600_000));
      values.push({ name, tenant, token, hours, link: this.linkTo(notice, token) });
    }
    return values;
  }

  hashes(tenantId: string, addresses: readonly string[]): Promise<Buffer[]> {
    const values = addresses.map((address) => address.toLowerCase());
    return this.sealing.keyedHashes(tenantId, HASH_PURPOSE, values, NORMALISER);
  }

  private linkTo(notice: Notice, token: string): string {
    return `${(this.settings.HEED_ACCOUNT_URL ?? '').replace(/\/+$/, '')}/${PAGE[notice]}#${token}`;
  }
}
