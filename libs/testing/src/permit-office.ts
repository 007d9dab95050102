import { contactsV1 } from '@heed/contracts';
import { inclusionProofs, leafHash, newId, sha256, SigningKey } from '@heed/kernel';
import { addressCommitment, encodeLeaf, PERMIT_CONTEXT, type Issuer } from '@heed/permits';

type Answer = contactsV1.PermitAnswer;

/**
 * Stands in for contacts where a spec is about the sender's side alone: real leaves, a real tree, a real signature,
 * and answers that the spec decides. Whoever has not been denied is permitted.
 */
export class PermitOffice {
  readonly key = SigningKey.generate();
  /** Every batch that was asked, in order. */
  readonly batches: contactsV1.PermitAsk[][] = [];
  lifetimeMs = 1_000;
  /** Whether permits hold places under a cap, and which of them were given back. */
  reserves = false;
  readonly returned: string[] = [];
  /** Called with each batch before it is answered: to wait, to throw, to let time pass. */
  beforeAnswer: (asks: readonly contactsV1.PermitAsk[]) => void | Promise<void> = () => undefined;
  /** Contacts who agreed that opens and clicks are recorded. */
  readonly tracked = new Set<string>();
  /** Contacts who have the same address as another. */
  readonly shares = new Map<string, string>();
  private readonly denials = new Map<string, contactsV1.Denial>();

  /** In whose name it gives leave; identity's and privacy's permits have nothing to opt out of. */
  constructor(private readonly issuer: Issuer = 'contacts') {}

  publicKeyOf = async (keyId: string): Promise<Uint8Array | undefined> =>
    keyId === this.key.keyId ? this.key.publicKey : undefined;

  deny(contactId: string, reason: contactsV1.DenialReason, retryAfter = ''): void {
    this.denials.set(contactId, { reason, rule: 'spec', retryAfter, citation: 'spec' });
  }

  allow(contactId: string): void {
    this.denials.delete(contactId);
  }

  /** Where the office says that a contact can be reached: one address each, the same every time. */
  static addressOf(contactId: string): string {
    return `${contactId}@people.test`;
  }

  static endpointHashOf(contactId: string): Buffer {
    return sha256(Buffer.from(PermitOffice.addressOf(contactId)));
  }

  async returnPermits({
    permitIds,
  }: contactsV1.ReturnPermitsRequest): Promise<contactsV1.ReturnPermitsResponse> {
    this.returned.push(...permitIds);
    return { returned: permitIds.length };
  }

  async batchIssuePermits(
    { asks }: contactsV1.BatchIssuePermitsRequest,
    { tenantId }: { tenantId: string },
  ): Promise<contactsV1.BatchIssuePermitsResponse> {
    this.batches.push(asks);
    await this.beforeAnswer(asks);
    const permitted = asks.filter((ask) => !this.denials.has(ask.contactId));
    const permits = permitted.map((ask) => this.permit(tenantId, ask));
    const { root, proofs } = inclusionProofs(permits.map(({ leaf }) => leafHash(leaf)));
    permits.forEach((permit, index) => Object.assign(permit, { leafIndex: index, path: proofs[index] }));
    const byAttempt = new Map(permitted.map((ask, index) => [ask.attemptId, permits[index]!]));
    const answers = asks.map(({ attemptId, contactId }): Answer => {
      const permit = byAttempt.get(attemptId);
      return permit
        ? { attemptId, answer: { $case: 'permit', value: permit } }
        : { attemptId, answer: { $case: 'denial', value: this.denials.get(contactId)! } };
    });
    const signed = permits.length > 0;
    return {
      answers,
      root: signed ? root : Buffer.alloc(0),
      signature: signed ? this.key.sign(Buffer.concat([Buffer.from(PERMIT_CONTEXT), root])) : Buffer.alloc(0),
      keyId: signed ? this.key.keyId : '',
      treeSize: permits.length,
    };
  }

  /** As contacts says it without issuing anything; what a spec denies is the one rule that forbids. */
  async explainPermit({
    contactId,
  }: contactsV1.ExplainPermitRequest): Promise<contactsV1.ExplainPermitResponse> {
    const denial = this.denials.get(contactId);
    const rule = { ...denial, verdict: contactsV1.RuleVerdict.RULE_VERDICT_FORBIDS };
    return contactsV1.ExplainPermitResponse.fromPartial({
      ...{ allowed: denial === undefined, denial },
      rules: denial ? [rule] : [],
    });
  }

  private permit(tenantId: string, ask: contactsV1.PermitAsk): contactsV1.Permit {
    const { attemptId, contactId, channel, purpose, sender, nonce } = ask;
    const address = PermitOffice.addressOf(contactId);
    const endpointId = contactId;
    const permitId = newId();
    const consentEntryId = newId();
    const leaf = encodeLeaf({
      ...(this.issuer !== 'contacts' && { issuer: this.issuer }),
      ...{
        tenantId,
        permitId,
        attemptId,
        nonce,
        contactId,
        channel,
        endpointId,
        purpose,
        sender,
        consentEntryId,
      },
      addressCommitment: addressCommitment(Buffer.alloc(16), address),
      ruleVersion: 'spec',
      issuedAt: '2026-11-23T09:00:00.000Z',
      lifetimeMs: this.lifetimeMs,
    });
    return contactsV1.Permit.fromPartial({
      ...{ permitId, address, endpointId, consentEntryId, leaf, ruleVersion: 'spec' },
      fields: Object.fromEntries(ask.templateFields.map((field) => [field, `some ${field}`])),
      endpointHash: PermitOffice.endpointHashOf(this.shares.get(contactId) ?? contactId),
      ...{ lifetimeMs: this.lifetimeMs, reserves: this.reserves },
      mayTrack: ask.tracking && this.tracked.has(contactId),
      optOutUrl: this.issuer !== 'contacts' ? '' : `https://heed.test/u/${attemptId}-${'t'.repeat(60)}`,
    });
  }
}
