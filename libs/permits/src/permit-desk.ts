import { randomBytes } from 'node:crypto';
import { contactsV1, type typesV1 } from '@heed/contracts';
import { type Clock, DomainError } from '@heed/kernel';
import { logger, metrics, withSpan } from '@heed/telemetry';
import { elapsed, type Stamp, stampOf } from './age.js';
import { HeldPermit } from './held-permit.js';
import { type Issuer } from './issuer.js';
import { LONGEST_LIFETIME_MS, proofOf, rootIsSigned, type SignedRoot } from './permit-proof.js';
import { PermitReturns } from './permit-returns.js';
import { type PermitsClient } from './permits-client.js';
import { concerns, readRevocation, REVOKED, type Revocation } from './revocation.js';

/** Whom a sender would reach, for which attempt. */
export interface Ask {
  attemptId: string;
  contactId: string;
  channel: typesV1.Channel;
  purpose: string;
  /** Who writes or calls, as the person will see it. */
  sender?: string;
  /** Fields of the contact that the message needs. */
  fields?: readonly string[];
  /** Asks, too, whether the person agreed that opens and clicks are recorded. */
  tracking?: boolean;
}

/** Why a person may not be reached, in the issuer's words. */
export interface Denial {
  kind: 'denial';
  attemptId: string;
  reason: contactsV1.DenialReason;
  rule: string;
  /** What the rule rests on. */
  citation: string;
  /** When it is worth asking again, where the issuer knows. */
  retryAfter?: Date;
}

export interface PermitDeskOptions {
  /** Who is asked, and whose signature counts. Default: contacts. */
  issuer?: Issuer;
  client: PermitsClient;
  /** Public key of the issuer by its id; undefined where it has no such key. */
  publicKeyOf(keyId: string): Promise<Uint8Array | undefined>;
  /** Where revocations are heard; without them permits die of age alone. */
  signals: { subscribe(subject: string, handler: (data: unknown) => void): () => void };
  clock: Clock;
}

interface OpenAsk {
  /** Revocations that came while the question was under way: which endpoints it is about is not known yet. */
  heard: Revocation[];
  voided: boolean;
  distrusted: boolean;
}

const MOST_ASKS = 500;

const log = logger({ component: 'permits' });
const asked = metrics.counter('heed_permits_asked_total', { description: 'Questions put to issuers' });
const voided = metrics.counter('heed_permits_voided_total', { description: 'Permits voided while held' });
const unverified = metrics.counter('heed_permits_unverified_total', {
  description: 'Answers that were not what the issuer signed for this question. Alarm: nothing was sent',
});

/**
 * Where a sender obtains permits, and what voids them while they are held. One desk a process: what it hears applies
 * to everything the process holds.
 */
export class PermitDesk {
  private readonly held = new Set<HeldPermit>();
  private readonly open = new Set<OpenAsk>();
  private readonly denied = new Set<Revocation>();
  private readonly unsubscribe: () => void;
  private readonly returns: PermitReturns;
  private readonly issuer: Issuer;

  constructor(private readonly options: PermitDeskOptions) {
    this.issuer = options.issuer ?? 'contacts';
    this.returns = new PermitReturns(options.client);
    this.unsubscribe = options.signals.subscribe(REVOKED, (data) => this.hear(data));
  }

  /**
   * Asks once, for no more than can be used now; answers come in the order of the asks. Throws where contacts cannot be
   * asked or its answer does not verify: the sender then stays silent. Release what you are given.
   */
  async obtain(tenantId: string, asks: readonly Ask[]): Promise<(HeldPermit | Denial)[]> {
    if (asks.length === 0) return [];
    if (asks.length > MOST_ASKS)
      throw new RangeError(`at most ${MOST_ASKS} asks at once, not ${asks.length}`);
    // Before anything else: a permit's age counts from here, whatever the way to contacts and back takes.
    const askedAt = stampOf(this.options.clock);
    const questions = asks.map((ask) => contactsV1.PermitAsk.fromPartial(question(ask)));
    const open: OpenAsk = { heard: [], voided: false, distrusted: false };
    this.open.add(open);
    try {
      asked.add(asks.length);
      return await withSpan('permit.obtain', { count: asks.length, tenantId }, async () => {
        const response = await this.options.client.batchIssuePermits(
          { asks: questions },
          { tenantId, timeoutMs: LONGEST_LIFETIME_MS },
        );
        return await this.accept(tenantId, questions, response, askedAt, open);
      });
    } finally {
      this.open.delete(open);
    }
  }

  /**
   * Refuses what is held and what is yet to come about somebody, until the answer is called: for an edge that has heard
   * an opt-out which contacts could not take yet (ATTACKS 2.11).
   */
  deny(who: Revocation): () => void {
    this.denied.add(who);
    this.revoke(who);
    return () => this.denied.delete(who);
  }

  /** Voids all that is held or being asked for. */
  voidAll(verdict: 'voided' | 'clock' = 'voided'): void {
    for (const permit of this.held) permit.void(verdict);
    for (const open of this.open) {
      if (verdict === 'clock') open.distrusted = true;
      else open.voided = true;
    }
  }

  close(): void {
    this.unsubscribe();
    this.voidAll();
    this.held.clear();
  }

  private hear(data: unknown): void {
    const revocation = readRevocation(data);
    if (revocation) return this.revoke(revocation);
    // Somebody was heard, and we cannot tell who: in doubt, do not send.
    log.warn('a revocation could not be read: everything held is void');
    this.voidAll();
  }

  /** ATTACKS 2.2: voids all that was asked for before now, whatever number or age it bears. */
  private revoke(revocation: Revocation): void {
    for (const open of this.open) open.heard.push(revocation);
    for (const permit of this.held) {
      if (!concerns(revocation, permit)) continue;
      permit.void('voided');
      voided.add(1);
    }
  }

  private async accept(
    tenantId: string,
    asks: readonly contactsV1.PermitAsk[],
    response: contactsV1.BatchIssuePermitsResponse,
    askedAt: Stamp,
    open: OpenAsk,
  ): Promise<(HeldPermit | Denial)[]> {
    const head = await this.signedRoot(response);
    const { clock } = this.options;
    if (!elapsed(askedAt, stampOf(clock)).agreed) this.distrustClocks();
    if (response.answers.length !== asks.length) throw this.refused('ANSWERS_MISSING');
    const answers = response.answers.map(({ attemptId, answer }, index) => {
      const ask = asks[index]!;
      if (attemptId !== ask.attemptId) throw this.refused('ANSWER_OF_ANOTHER');
      if (answer?.$case === 'denial') return denialOf(ask, answer.value);
      if (answer?.$case !== 'permit' || !head) throw this.refused('ANSWER_UNSIGNED');
      const permit = answer.value;
      const proof = proofOf(tenantId, ask, permit, head);
      if (!proof) throw this.refused('PERMIT_NOT_FOR_THIS_ASK');
      const { contactId } = ask;
      const { address, fields, optOutUrl, lifetimeMs, reserves, mayTrack } = permit;
      const endpointHash = permit.endpointHash.toString('hex');
      return new HeldPermit(
        {
          ...{ tenantId, attemptId, contactId, address, fields, optOutUrl, endpointHash },
          ...{ lifetimeMs, reserves, proof, askedAt },
          // Answered without having been asked: a yes to nothing.
          mayTrack: mayTrack && ask.tracking,
        },
        {
          clock,
          distrustClocks: () => this.distrustClocks(),
          drop: (done) => this.held.delete(done),
          giveBack: (unused) => this.returns.add(unused),
        },
      );
    });
    for (const answer of answers) if (answer.kind === 'permit') this.hold(answer, open);
    return answers;
  }

  private hold(permit: HeldPermit, open: OpenAsk): void {
    const heard = [...open.heard, ...this.denied].some((revocation) => concerns(revocation, permit));
    if (open.voided || heard) permit.void('voided');
    if (open.distrusted) permit.void('clock');
    this.held.add(permit);
  }

  private distrustClocks(): void {
    log.warn('clocks disagree: everything held is void');
    this.voidAll('clock');
  }

  private async signedRoot(response: contactsV1.BatchIssuePermitsResponse): Promise<SignedRoot | undefined> {
    if (!response.answers.some(({ answer }) => answer?.$case === 'permit')) return undefined;
    const { root, signature, keyId, treeSize } = response;
    const publicKey = await this.options.publicKeyOf(keyId);
    const head: SignedRoot = { issuer: this.issuer, root, signature, keyId, treeSize };
    if (!publicKey || !rootIsSigned(head, publicKey)) throw this.refused('ROOT_NOT_SIGNED');
    return head;
  }

  private refused(why: string): DomainError {
    unverified.add(1, { reason: why });
    log.error('an answer does not verify: nothing is sent on it', { callee: this.issuer, reason: why });
    return new DomainError('PERMIT_UNVERIFIED', 'unavailable', { metadata: { why } });
  }
}

function question({
  attemptId,
  contactId,
  channel,
  purpose,
  sender,
  fields,
  tracking,
}: Ask): contactsV1.PermitAsk {
  return {
    ...{ attemptId, contactId, channel, purpose, sender: sender?.toLowerCase() ?? '' },
    nonce: randomBytes(16),
    templateFields: [...(fields ?? [])],
    tracking: tracking ?? false,
  };
}

function denialOf(
  ask: contactsV1.PermitAsk,
  { reason, rule, citation, retryAfter }: contactsV1.Denial,
): Denial {
  const at = new Date(retryAfter);
  return {
    ...{ kind: 'denial', attemptId: ask.attemptId, reason, rule, citation },
    ...(Number.isNaN(at.getTime()) ? {} : { retryAfter: at }),
  };
}
