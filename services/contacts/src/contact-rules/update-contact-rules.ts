import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { AuditTrail } from '../audit/audit-trail.js';
import { refusal } from '../errors.js';
import { rulesIn, rulesMessage } from './contact-rules-message.js';
import { contactRules, lockContactRules, replaceContactRules } from './contact-rules.store.js';

/** Changes a tenant's own rules. They bind every question that is asked after the commit; who changed what is kept. */
@Injectable()
export class UpdateContactRules {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async update(
    caller: Caller,
    { contactRules: message, updateMask }: contactsV1.UpdateContactRulesRequest,
  ): Promise<contactsV1.ContactRules> {
    const asked = rulesIn(message!);
    const named = (list: string): boolean => updateMask.length === 0 || updateMask.includes(list);
    return this.uow.run(caller.tenantId, async (tx) => {
      const at = this.clock.now();
      await lockContactRules(tx, at);
      const now = await contactRules(tx);
      const wanted = {
        caps: named('frequency_caps') ? asked.caps : now.caps,
        hours: named('contact_hours') ? asked.hours : now.hours,
        confirmation: named('opt_out_confirmation') ? asked.confirmation : now.confirmation,
      };
      // The same call again, whose first answer was lost: its etag is that of the version it replaced.
      const { caps, hours, confirmation } = now;
      if (isDeepStrictEqual(wanted, { caps, hours, confirmation })) return rulesMessage(now);
      const { etag } = message!;
      if (etag !== '' && etag !== String(now.version)) throw refusal('ETAG_MISMATCH');
      await replaceContactRules(tx, wanted, at);
      const changed = rulesMessage(await contactRules(tx));
      await this.audit.tellChange(tx, caller, {
        aboutId: tx.tenantId,
        before: now.updatedAt && (contactsV1.ContactRules.toJSON(rulesMessage(now)) as object),
        after: contactsV1.ContactRules.toJSON(changed) as object,
      });
      return changed;
    });
  }
}
