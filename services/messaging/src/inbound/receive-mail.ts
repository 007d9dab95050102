import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, isDomainError, newId, type Clock } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { metrics } from '@heed/telemetry';
import { type MessagingSettings } from '../settings.js';
import { AnsweredAttemptStore, type AnsweredAttempt } from './answered-attempt.store.js';
import { DenyStore } from './deny.store.js';
import { InboundMailStore } from './inbound-mail.store.js';
import { type InboundMail, type InboundWay, denialOf, needsWork, placeOfMail } from './inbound-mail.js';
import { InboundWork } from './inbound-work.js';
import { type Addressed } from './inbound-addresses.js';
import { judgeMail, type Judged } from './judge-mail.js';
import { readMail } from './read-mail.js';
import { StandingDenials } from './standing-denials.js';

const DAY_MS = 24 * 3_600_000;
const received = metrics.counter('heed_inbound_mails_total', {
  description: 'Mails that came back, by what they are',
});

export interface ArrivedMail {
  raw: Buffer;
  /** SPEC: RFC 5321, 4.5.5: reports come with an empty envelope sender. */
  nullSender: boolean;
  /** It came to the address for complaints: what is none means nothing. */
  onlyComplaint?: boolean;
}

export interface ArrivedWebhook {
  raw: Buffer;
  /** Undefined: of no kind that changes anything. */
  judged: Judged | undefined;
}

/** Within the commit, before all else. False: it was taken in before, and nothing is to follow from it again. */
type TakeIn = (tx: Tx, at: Date) => Promise<boolean>;

interface Whence {
  tenantId: string;
  attemptId: string;
  kind: InboundWay;
}

/**
 * Takes in a mail that came back. One commit holds the mail, sealed, what it was judged to be, and who is not written to
 * because of it; only then is it answered for (ATTACKS 2.11). Neither contacts nor the bus need be there.
 */
@Injectable()
export class ReceiveMail {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
    private readonly attempts: AnsweredAttemptStore,
    private readonly mails: InboundMailStore,
    private readonly denies: DenyStore,
    private readonly standing: StandingDenials,
    private readonly work: InboundWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<MessagingSettings, 'HEED_INBOUND_KEEP_DAYS'>,
  ) {}

  /** Throws where it could not be committed: whoever brings it is to try again. */
  async receive(addressed: Addressed, mail: ArrivedMail): Promise<void> {
    const { tenantId, attemptId, kind } = addressed;
    const attempt = await this.uow.run(tenantId, (tx) => this.attempts.find(tx, attemptId));
    const read = await readMail(mail.raw, mail);
    const judged = judgeMail(read, { kind, purpose: attempt?.purpose ?? '' });
    received.add(1, { kind: judged?.kind ?? 'automatic' });
    // Of whom nothing is known, an answer that says nothing is nobody's to keep, and a doubt nobody's to decide.
    if (mail.onlyComplaint && judged?.kind !== 'complaint') return;
    if (!judged || (!attempt && !needsWork(judged.kind))) return;
    if ((await this.keep(addressed, mail.raw, judged, attempt)) === 'kept') return;
    // Erased between the look and the commit: what is left of them is what the mail itself says.
    if (needsWork(judged.kind)) await this.keep(addressed, mail.raw, judged, undefined);
  }

  /** What a mail provider says of a message. Throws where it could not be committed, as above. */
  async receiveFromProvider(
    { tenantId, attemptId }: Omit<Whence, 'kind'>,
    { raw, judged }: ArrivedWebhook,
    takeIn: TakeIn,
  ): Promise<'kept' | 'repeated' | 'ignored'> {
    const attempt =
      attemptId === '' ? undefined : await this.uow.run(tenantId, (tx) => this.attempts.find(tx, attemptId));
    // What became of a message that nobody knows is of no use; who wants no more is, whatever is known of them.
    if (!judged || (!attempt && !denialOf(judged.kind))) {
      const isNew = await this.uow.run(tenantId, (tx) => takeIn(tx, this.clock.now()));
      return isNew ? 'ignored' : 'repeated';
    }
    const whence: Whence = { tenantId, attemptId, kind: 'provider' };
    const kept = await this.keep(whence, raw, judged, attempt, takeIn);
    if (kept !== 'erased') return kept;
    // As for mails: erased between the look and the commit.
    const of = denialOf(judged.kind) ? judged : undefined;
    return this.receiveFromProvider({ tenantId, attemptId: '' }, { raw, judged: of }, takeIn);
  }

  private async keep(
    { tenantId, attemptId, kind: addressKind }: Whence,
    bytes: Buffer,
    judged: Judged,
    attempt: AnsweredAttempt | undefined,
    takeIn: TakeIn = () => Promise.resolve(true),
  ): Promise<'kept' | 'repeated' | 'erased'> {
    const mailId = newId();
    const contactId = attempt?.contactId ?? newId();
    const raw = await this.sealed(tenantId, contactId, mailId, bytes);
    if (!raw) return 'erased';
    const at = this.clock.now();
    const mail: InboundMail = {
      ...{ mailId, contactId, isKnown: attempt !== undefined, addressKind },
      attemptId: attemptId === '' ? undefined : attemptId,
      ...{ kind: judged.kind, scope: judged.scope, delivery: judged.delivery, code: judged.code, raw },
      receivedAt: at,
      expiresAt: new Date(at.getTime() + this.settings.HEED_INBOUND_KEEP_DAYS * DAY_MS),
    };
    return this.uow.run(
      tenantId,
      async (tx) => {
        if (!(await admitSubjects(tx, [contactId])).has(contactId)) return 'erased';
        if (!(await takeIn(tx, at))) return 'repeated';
        await this.mails.keep(tx, mail, needsWork(mail.kind) ? undefined : at);
        await this.deny(tx, mail, attempt, at);
        if (needsWork(mail.kind)) await this.work.add(tx, mailId);
        return 'kept';
      },
      { priority: 'consent' },
    );
  }

  private async deny(
    tx: Tx,
    mail: InboundMail,
    attempt: AnsweredAttempt | undefined,
    at: Date,
  ): Promise<void> {
    const reason = denialOf(mail.kind);
    if (!reason) return;
    const { mailId, contactId } = mail;
    if (!attempt) return this.denies.list(tx, { mailId, reason }, at);
    const deny = { mailId, contactId, endpointHash: attempt.endpointHash, reason };
    await this.denies.stand(tx, deny, at);
    // What this process holds is void at once; others look, and cannot arm what stands in the table.
    tx.afterCommit(() => this.standing.add(tx.tenantId, deny));
  }

  private async sealed(
    tenantId: string,
    contactId: string,
    mailId: string,
    bytes: Buffer,
  ): Promise<Buffer | undefined> {
    try {
      return await this.sealing.seal(tenantId, contactId, placeOfMail(mailId), bytes);
    } catch (error) {
      if (isDomainError(error, 'SUBJECT_ERASED')) return undefined;
      throw error;
    }
  }
}
