import { type Tx } from '@heed/postgres';
import { TRACKING } from '../consent/consent.js';
import { entriesOnConsent } from '../consent/consent.store.js';
import { type Ask } from './permit.js';
import { judge } from './permit.store.js';

/** Without a sender an opt-out from any of them counts. */
type Whom = Pick<Ask, 'contactId' | 'channel'> & Partial<Pick<Ask, 'sender'>>;

/**
 * Who agrees to a purpose now, each once: judged by the statement that judges permits, so that an opt-out from
 * everything, a request that stopped all, and what was heard from the address count here as they do there.
 */
export async function agreeingTo(tx: Tx, purpose: string, whom: readonly Whom[]): Promise<Set<string>> {
  if (whom.length === 0) return new Set();
  const judgements = await judge(
    tx,
    whom.map(({ contactId, channel, sender = '' }) => ({
      ...{ contactId, channel, purpose, sender, attemptId: contactId },
      ...{ nonce: NO_NONCE, fields: [], tracking: false },
    })),
    NO_TIME,
  );
  const agreed = whom.flatMap(({ contactId }, index) => {
    const { denied, consentEntryId } = judgements[index]!;
    return denied === undefined && consentEntryId !== undefined ? [{ contactId, consentEntryId }] : [];
  });
  if (purpose !== TRACKING) return new Set(agreed.map(({ contactId }) => contactId));
  // LAW: ePrivacy directive 5(3): consent, and no other ground, covers what is learned from a person's device.
  const byConsent = await entriesOnConsent(
    tx,
    agreed.map(({ consentEntryId }) => consentEntryId),
  );
  return new Set(
    agreed.filter(({ consentEntryId }) => byConsent.has(consentEntryId)).map(({ contactId }) => contactId),
  );
}

const NO_NONCE = Buffer.alloc(16);
/** Time matters to confirmations alone, and nobody agrees to one. */
const NO_TIME = new Date(0);
