import { type Tx } from '@heed/postgres';
import { entriesOnConsent } from '../consent/consent.store.js';
import { type Ask } from './permit.js';
import { judge } from './permit.store.js';

/**
 * The purpose under which a person agrees that it is recorded whether they open messages and follow their links. A
 * consent of its own: whoever agreed to a newsletter agreed to be written to, not to be watched while they read.
 * Nobody is reached for it; no permit is issued.
 */
export const TRACKING = 'tracking';

type Whom = Pick<Ask, 'contactId' | 'channel'>;

/**
 * Who agrees to a purpose now, each once: judged by the statement that judges permits, so that an opt-out from
 * everything, a request that stopped all, and what was heard from the address count here as they do there.
 */
export async function agreeingTo(tx: Tx, purpose: string, whom: readonly Whom[]): Promise<Set<string>> {
  if (whom.length === 0) return new Set();
  const judgements = await judge(
    tx,
    whom.map(({ contactId, channel }) => ({
      ...{ contactId, channel, purpose, attemptId: contactId },
      ...{ nonce: NO_NONCE, fields: [], tracking: false },
    })),
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
