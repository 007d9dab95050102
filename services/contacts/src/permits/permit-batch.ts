import { type contactsV1 } from '@heed/contracts';
import { type SigningKey } from '@heed/kernel';
import { addressCommitment, signedAnswers, type PermitLeaf, type ToAnswer } from '@heed/permits';
import { numberOf } from '../contacts/channel-message.js';
import { publicHash } from '../suppression/revocations.js';
import { denialMessage } from './permit-message.js';
import { TEMPLATE_FIELDS, type Ask, type IssuedPermit, type Verdict } from './permit.js';

export interface Batch {
  tenantId: string;
  verdicts: readonly Verdict[];
  /** Opt-out links of those that have one. */
  links: ReadonlyMap<Verdict, string>;
  at: Date;
  key: SigningKey;
}

/** The answers, signed, in the order of the asks. */
export function signedBatch(batch: Batch): contactsV1.BatchIssuePermitsResponse {
  return signedAnswers(
    batch.key,
    batch.verdicts.map((verdict): ToAnswer => {
      const { ask, issued } = verdict;
      const { attemptId } = ask;
      if (!issued) return { attemptId, denial: denialMessage(verdict) };
      return {
        attemptId,
        granted: {
          leaf: leafOf(batch, ask, issued),
          address: issued.address,
          fields: Object.fromEntries(ask.fields.map((field) => [field, valueOf(issued, field)])),
          endpointHash: publicHash(issued.endpointHash),
          optOutUrl: batch.links.get(verdict) ?? '',
          reserves: issued.reserves,
          mayTrack: issued.mayTrack,
        },
      };
    }),
  );
}

function valueOf({ profile, values }: IssuedPermit, field: string): string {
  return values?.[field] ?? profile[TEMPLATE_FIELDS[field]!] ?? '';
}

function leafOf({ tenantId, at }: Batch, ask: Ask, issued: IssuedPermit): PermitLeaf {
  return {
    tenantId,
    permitId: issued.permitId,
    attemptId: ask.attemptId,
    nonce: ask.nonce,
    contactId: ask.contactId,
    channel: numberOf(ask.channel),
    endpointId: issued.endpointId,
    addressCommitment: addressCommitment(issued.salt, issued.address),
    ...{ purpose: ask.purpose, sender: ask.sender },
    consentEntryId: issued.consentEntryId,
    ruleVersion: issued.ruleVersion,
    issuedAt: at.toISOString(),
    lifetimeMs: issued.lifetimeMs,
  };
}
