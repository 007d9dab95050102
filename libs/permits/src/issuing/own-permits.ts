import { randomBytes } from 'node:crypto';
import { type contactsV1, typesV1 } from '@heed/contracts';
import { invalidArgument, newId, type Clock, type FieldViolation, type SigningKey } from '@heed/kernel';
import { lockSubjects, type Tx, type UnitOfWork } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { type Issuer } from '../issuer.js';
import { addressCommitment } from '../permit-leaf.js';
import { LONGEST_LIFETIME_MS } from '../permit-proof.js';
import { ownDenial, type OwnDenialReason } from './own-denials.js';
import { addOwnPermits, forgetOldPermits, type NewOwnPermit } from './own-permit.store.js';
import { signedAnswers, type ToAnswer } from './signed-answers.js';

const NONCE_BYTES = 16;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** With less than this left of the sender's time the answer would only burden both sides (ATTACKS 2.13). */
const LEAST_REMAINING_MS = 150;

const answered = metrics.counter('heed_own_permits_answered_total', {
  description: 'Asks about members and requesters answered, by outcome',
});

/** Where one of the issuer's people may be reached, and why. */
export interface Leave {
  address: string;
  /** Id of what the person is to be told, as the issuer wrote it down. */
  restsOn: string;
}

/** What is special about an issuer's people. */
export interface OwnPeople<Found extends Leave> {
  issuer: Exclude<Issuer, 'contacts'>;
  /** Which set of rules judges. */
  ruleVersion: string;
  /** Values that a message may ask for. */
  fields: readonly string[];
  /** Of people who live, in the order of the asks. */
  judge(tx: Tx, asks: readonly contactsV1.PermitAsk[], at: Date): Promise<(Found | OwnDenialReason)[]>;
  /** Values for those that are permitted, secrets among them: here is where the sender learns them. */
  fill(
    tx: Tx,
    granted: readonly { ask: contactsV1.PermitAsk; found: Found }[],
    at: Date,
  ): Promise<Record<string, string>[]>;
  /** Keyed hashes of addresses: what revocations name. */
  hashes(tenantId: string, addresses: readonly string[]): Promise<Buffer[]>;
}

export interface OwnAsking {
  tenantId: string;
  /** The service that asks. */
  actorId: string;
  deadline: Date;
}

/** Nobody opts out of hearing about their own account or request; no cap counts it, and nobody is watched reading it. */
const NOTHING_MORE = { optOutUrl: '', reserves: false, mayTrack: false };

type Judged =
  | { ask: contactsV1.PermitAsk; denied: OwnDenialReason }
  | { ask: contactsV1.PermitAsk; row: NewOwnPermit; address: string; fields: Record<string, string> };

/**
 * Answers questions about people who are no contacts, in the form and with the strictness of contacts: a row for each
 * permit, committed before anybody learns an address; behind the fence; a nonce serves once; a second of life.
 */
export class OwnPermits<Found extends Leave> {
  constructor(
    private readonly people: OwnPeople<Found>,
    private readonly uow: UnitOfWork,
    private readonly key: SigningKey,
    private readonly clock: Clock,
  ) {}

  async issue(
    asking: OwnAsking,
    asks: readonly contactsV1.PermitAsk[],
  ): Promise<contactsV1.BatchIssuePermitsResponse> {
    this.demandWellFormed(asks);
    const { tenantId } = asking;
    const at = this.clock.now();
    const judged = await this.judge(asking, asks, at);
    const hashes = await this.people.hashes(
      tenantId,
      judged.flatMap((one) => ('row' in one ? [one.address] : [])),
    );
    let next = 0;
    return signedAnswers(
      this.key,
      judged.map((one): ToAnswer => {
        const { attemptId } = one.ask;
        answered.add(1, { outcome: 'denied' in one ? one.denied : 'issued' });
        if ('denied' in one) return { attemptId, denial: ownDenial(one.denied, at) };
        const endpointHash = hashes[next++]!.subarray(-HASH_BYTES);
        const { address, fields } = one;
        const leaf = this.leafOf(tenantId, one.ask, one.row, address, at);
        return {
          attemptId,
          granted: { leaf, address, fields, endpointHash, ...NOTHING_MORE },
        };
      }),
    );
  }

  /** What the contract's field rules cannot say. */
  private demandWellFormed(asks: readonly contactsV1.PermitAsk[]): void {
    const violations = asks.flatMap(({ channel, nonce, templateFields }, index): FieldViolation[] => {
      const at = (field: string, reason: string) => ({ field: `asks[${index}].${field}`, reason });
      return [
        ...(channel === typesV1.Channel.CHANNEL_UNSPECIFIED ? [at('channel', 'REQUIRED')] : []),
        ...(nonce.length === NONCE_BYTES ? [] : [at('nonce', 'NOT_16_BYTES')]),
        ...(templateFields.every((field) => this.people.fields.includes(field))
          ? []
          : [at('template_fields', 'UNKNOWN_FIELD')]),
      ];
    });
    if (violations.length > 0) throw invalidArgument(...violations.slice(0, 50));
  }

  private async judge(
    { tenantId, actorId, deadline }: OwnAsking,
    asks: readonly contactsV1.PermitAsk[],
    at: Date,
  ): Promise<Judged[]> {
    const remaining = (): number => deadline.getTime() - this.clock.now().getTime();
    const tooLate = (): Judged[] => asks.map((ask) => ({ ask, denied: 'too_late' }));
    if (remaining() < LEAST_REMAINING_MS) return tooLate();
    return this.uow.run(
      tenantId,
      async (tx) => {
        // Waiting for a connection took its part.
        if (remaining() < LEAST_REMAINING_MS) return tooLate();
        await forgetOldPermits(tx, at);
        // Erasures wait for the commit; whoever is dead already has no row that a permit could rest on.
        const living = await lockSubjects(tx, [...new Set(asks.map(({ contactId }) => contactId))]);
        const alive = asks.filter(({ contactId }) => living.has(contactId));
        const verdicts = new Map<contactsV1.PermitAsk, Judged>();
        for (const one of await this.write(tx, alive, actorId, at)) verdicts.set(one.ask, one);
        return asks.map((ask) => verdicts.get(ask) ?? { ask, denied: 'unknown' });
      },
      { timeoutMs: remaining() },
    );
  }

  private async write(
    tx: Tx,
    asks: readonly contactsV1.PermitAsk[],
    issuedTo: string,
    at: Date,
  ): Promise<Judged[]> {
    const found = await this.people.judge(tx, asks, at);
    const permitted = asks.flatMap((ask, index) => {
      const one = found[index]!;
      if (typeof one === 'string') return [];
      return [{ ask, found: one, row: rowFor(ask, one) }];
    });
    const { ruleVersion } = this.people;
    const issued = await addOwnPermits(
      tx,
      permitted.map(({ row }) => row),
      { at, issuedTo, ruleVersion, lifetimeMs: LONGEST_LIFETIME_MS },
    );
    const granted = permitted.filter(({ row }) => issued.has(row.permitId));
    const values = await this.people.fill(tx, granted, at);
    const byAsk = new Map(
      granted.map(({ ask, row, found: { address } }, index) => [
        ask,
        { row, address, values: values[index]! },
      ]),
    );
    return asks.map((ask, index) => {
      const one = found[index]!;
      if (typeof one === 'string') return { ask, denied: one };
      const written = byAsk.get(ask);
      if (!written) return { ask, denied: 'already_issued' };
      const { row, address } = written;
      const fields = Object.fromEntries(
        ask.templateFields.map((field) => [field, written.values[field] ?? '']),
      );
      return { ask, row, address, fields };
    });
  }

  private leafOf(
    tenantId: string,
    { attemptId, contactId, nonce, channel, purpose }: contactsV1.PermitAsk,
    { permitId, restsOn, addressSalt }: NewOwnPermit,
    address: string,
    at: Date,
  ) {
    const { issuer, ruleVersion } = this.people;
    return {
      ...{ issuer, tenantId, permitId, attemptId, nonce, contactId, channel: channel as number, purpose },
      ...{ ruleVersion, lifetimeMs: LONGEST_LIFETIME_MS, issuedAt: at.toISOString() },
      // The person has one address here, which is theirs and named as they are.
      endpointId: contactId,
      addressCommitment: addressCommitment(addressSalt, address),
      consentEntryId: restsOn,
    };
  }
}

function rowFor(ask: contactsV1.PermitAsk, { restsOn }: Leave): NewOwnPermit {
  const { attemptId, contactId: subjectId, nonce, purpose } = ask;
  return {
    ...{ permitId: newId(), attemptId, nonce, subjectId, purpose, restsOn },
    addressSalt: randomBytes(SALT_BYTES),
  };
}
