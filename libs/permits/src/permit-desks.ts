import { contactsV1 } from '@heed/contracts';
import { logger } from '@heed/telemetry';
import { type HeldPermit } from './held-permit.js';
import { type Issuer } from './issuer.js';
import { type Ask, type Denial, type PermitDesk } from './permit-desk.js';

/** An ask, and who is to answer it. */
export type AskOf = Ask & { issuer: Issuer };

const log = logger({ component: 'permits' });

/** The desks of a sender that writes to more than contacts: each ask goes to its own issuer, and to nobody else. */
export class PermitDesks {
  constructor(private readonly desks: ReadonlyMap<Issuer, Pick<PermitDesk, 'obtain' | 'close'>>) {}

  /**
   * As `PermitDesk.obtain`. Where one of several issuers cannot be asked, the others' people do not wait for it: theirs
   * are told to ask again. Where there is only one to ask, its failure is the caller's.
   */
  async obtain(tenantId: string, asks: readonly AskOf[]): Promise<(HeldPermit | Denial)[]> {
    const byIssuer = [...Map.groupBy(asks, ({ issuer }) => issuer)];
    if (byIssuer.length <= 1) return this.of(byIssuer[0]?.[0] ?? 'contacts').obtain(tenantId, asks);
    const answers = new Map<AskOf, HeldPermit | Denial>();
    await Promise.all(
      byIssuer.map(async ([issuer, own]) => {
        const answered = await this.orAskAgain(issuer, tenantId, own);
        own.forEach((ask, index) => answers.set(ask, answered[index]!));
      }),
    );
    return asks.map((ask) => answers.get(ask)!);
  }

  close(): void {
    for (const desk of this.desks.values()) desk.close();
  }

  private async orAskAgain(
    issuer: Issuer,
    tenantId: string,
    asks: readonly Ask[],
  ): Promise<(HeldPermit | Denial)[]> {
    try {
      return await this.of(issuer).obtain(tenantId, asks);
    } catch (error) {
      log.warn('an issuer could not be asked: its people wait', {
        error,
        callee: issuer,
        count: asks.length,
      });
      return asks.map(({ attemptId }) => ({
        ...{ kind: 'denial', attemptId, reason: contactsV1.DenialReason.DENIAL_REASON_TOO_LATE },
        ...{ rule: 'issuer', citation: '', retryAfter: new Date(0) },
      }));
    }
  }

  private of(issuer: Issuer): Pick<PermitDesk, 'obtain' | 'close'> {
    const desk = this.desks.get(issuer);
    if (!desk) throw new TypeError(`this sender has no desk of ${issuer}`);
    return desk;
  }
}
