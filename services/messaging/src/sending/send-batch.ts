import { Inject, Injectable } from '@nestjs/common';
import { OPT_OUT_CONFIRMATION, ownPurpose, SIGN_UP_CONFIRMATION } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { PermitDesks } from '@heed/permits';
import { logger, withCausedSpan } from '@heed/telemetry';
import { confirmationFrom, signUpMailFrom } from '../confirmations/confirmation-text.js';
import { languageOf } from '../system-texts/languages.js';
import { failed, skipped } from '../dispatch/attempt.js';
import { ArmAttempts } from './arm-attempts.js';
import { askFor } from './ask-for.js';
import { type CampaignTemplate, CampaignTemplates } from './campaign-templates.js';
import { DomainPace } from './domain-pace.js';
import { type Deny } from '../inbound/deny.store.js';
import { type Claimed } from './in-hand.store.js';
import { NoticeTemplates } from '../notices/notice-templates.js';
import { afterDenial, afterDomainWait, afterFailingDomain, pauseAfter, type Next } from './outcome.js';
import { PrepareMessages, type Prepared, type ToPrepare } from './prepare-messages.js';
import { SigningDomains } from '../sender-domains/signing-domains.js';
import { SendingSteps } from './sending-steps.js';

export interface Batch {
  tenantId: string;
  senderId: string;
  claimed: readonly Claimed[];
}

export interface BatchOutlets {
  /** Takes an armed message over; it settles it. */
  carry(message: Prepared): void;
  settle(attempt: Claimed, next: Next): void;
  /** Somebody else has it now. */
  lost(attempt: Claimed): void;
}

interface Askable {
  attempt: Claimed;
  template: CampaignTemplate;
}

const HEARD_PAUSE_MS = 1_000;
/** A person decides it, or nobody does within days. */
const DOUBT_PAUSE_MS = 60_000;

const log = logger({ component: 'sending' });

/** Claimed attempts become armed messages: one question to each issuer for all of its people, one commit for all. */
@Injectable()
export class SendBatch {
  constructor(
    private readonly templates: CampaignTemplates,
    private readonly notices: NoticeTemplates,
    private readonly signing: SigningDomains,
    private readonly desks: PermitDesks,
    private readonly prepareMessages: PrepareMessages,
    private readonly armAttempts: ArmAttempts,
    private readonly domains: DomainPace,
    private readonly steps: SendingSteps,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** False: contacts, campaigns or the database could not be reached, and the rest was put off. */
  async send(batch: Batch, outlets: BatchOutlets): Promise<boolean> {
    const open = new Map(batch.claimed.map((attempt) => [attempt.attemptId, attempt]));
    const tracked: BatchOutlets = {
      carry: (message) => {
        open.delete(message.attempt.attemptId);
        outlets.carry(message);
      },
      settle: (attempt, next) => {
        open.delete(attempt.attemptId);
        outlets.settle(attempt, next);
      },
      lost: (attempt) => {
        open.delete(attempt.attemptId);
        outlets.lost(attempt);
      },
    };
    try {
      const causes = batch.claimed.map(({ traceparent }) => traceparent);
      const { tenantId } = batch;
      await withCausedSpan(causes, 'message.batch', { tenantId, count: causes.length }, () =>
        this.through(batch, tracked),
      );
      return true;
    } catch (error) {
      log.warn('a batch could not be sent, what is left of it waits', { error, count: open.size });
      const at = this.clock.now().getTime();
      // Whatever failed here failed before the first byte. The sender itself pauses; an attempt is not to blame, and
      // must not wait half a minute more once contacts is back.
      for (const attempt of open.values()) {
        tracked.settle(attempt, { again: new Date(at + pauseAfter(0)) });
      }
      return false;
    }
  }

  private async through(batch: Batch, outlets: BatchOutlets): Promise<void> {
    const { tenantId, senderId } = batch;
    const askable = await this.withTemplates(batch, outlets);
    const permitted = await this.ask(batch, askable, outlets);
    const held = new Set(permitted.map(({ permit }) => permit));
    try {
      const { prepared, ended } = await this.prepareMessages.prepare(tenantId, permitted);
      for (const { item, conclusion } of ended) outlets.settle(item.attempt, { end: conclusion });
      if (prepared.length === 0) return;
      const { armed, denied, duplicates, erased, lost } = await this.armAttempts.arm(
        tenantId,
        senderId,
        prepared,
      );
      for (const { attempt } of erased) outlets.settle(attempt, { end: skipped('erased') });
      for (const { attempt } of duplicates) outlets.settle(attempt, { end: skipped('duplicate_address') });
      for (const { message, reason } of denied) {
        outlets.settle(message.attempt, this.afterHeard(message.attempt, reason));
      }
      for (const { attempt } of lost) outlets.lost(attempt);
      await this.steps.reached('armed', idsOf(armed));
      for (const message of armed) {
        held.delete(message.permit);
        outlets.carry(message);
      }
    } finally {
      for (const permit of held) {
        this.domains.leave(permit);
        permit.release();
      }
    }
  }

  private async withTemplates({ tenantId, claimed }: Batch, outlets: BatchOutlets): Promise<Askable[]> {
    await this.steps.reached(
      'claimed',
      claimed.map(({ attemptId }) => attemptId),
    );
    const askable: Askable[] = [];
    for (const attempt of claimed) {
      const template = await this.templateOf(tenantId, attempt);
      if (!template) outlets.settle(attempt, { end: failed('template_not_found') });
      else {
        const stays = await this.whyItStays(tenantId, attempt, template);
        if (stays) outlets.settle(attempt, stays);
        else askable.push({ attempt, template });
      }
    }
    return askable;
  }

  /** What Heed itself writes has texts of its own, which no campaign can use, and no campaign's text goes to its people. */
  private async templateOf(
    tenantId: string,
    { issuer, templateId, purpose, language }: Claimed,
  ): Promise<CampaignTemplate | undefined> {
    if (issuer !== 'contacts') return this.notices.find(issuer, templateId);
    const template = await this.templates.find(tenantId, templateId);
    if (template && purpose === OPT_OUT_CONFIRMATION) return confirmationFrom(template, languageOf(language));
    if (template && purpose === SIGN_UP_CONFIRMATION) return signUpMailFrom(template, languageOf(language));
    return template;
  }

  /**
   * An opt-out that was heard by mail stands here until two seconds after contacts knows of it. What confirms it waits for
   * that: its permit says when it is too late. What rests on a contract or a law waits too, since it is contacts that
   * says what an opt-out stops. While it is in doubt whether it was one, only what a law demands waits for the person who
   * decides. Neither the wait nor the doubt counts against them.
   */
  private afterHeard({ purpose }: Claimed, reason: Deny['reason']): Next {
    const basis = ownPurpose(purpose)?.basis;
    if (basis !== undefined && (reason === 'opt_out' || basis !== 'contract')) {
      const pauseMs = reason === 'opt_out' ? HEARD_PAUSE_MS : DOUBT_PAUSE_MS;
      return { again: new Date(this.clock.now().getTime() + pauseMs), uncounted: true };
    }
    return { end: skipped(reason === 'opt_out' ? 'opted_out' : 'reply_in_doubt') };
  }

  /** What members are written to comes from the installation's own sender, which is no tenant's to verify. */
  private async whyItStays(
    tenantId: string,
    attempt: Claimed,
    { sender }: CampaignTemplate,
  ): Promise<Next | undefined> {
    if (attempt.issuer !== 'contacts') return undefined;
    const { mayLeave, isFailing } = await this.signing.of(tenantId, sender.address);
    if (mayLeave) return undefined;
    return isFailing
      ? afterFailingDomain(attempt, this.clock.now())
      : { end: skipped('sender_domain_unverified') };
  }

  private async ask(
    { tenantId }: Batch,
    askable: readonly Askable[],
    outlets: BatchOutlets,
  ): Promise<ToPrepare[]> {
    if (askable.length === 0) return [];
    const answers = await this.desks.obtain(
      tenantId,
      askable.map(({ attempt, template }) => askFor(attempt, template)),
    );
    await this.steps.reached('permitted', idsOf(askable));
    const at = this.clock.now();
    return askable.flatMap(({ attempt, template }, index) => {
      const answer = answers[index]!;
      if (answer.kind === 'permit') {
        const wait = this.domains.enter(answer);
        if (!wait) return [{ attempt, template, permit: answer }];
        answer.release();
        outlets.settle(attempt, afterDomainWait(wait, attempt, at));
      } else {
        outlets.settle(attempt, afterDenial(answer, attempt, at));
      }
      return [];
    });
  }
}

function idsOf(items: readonly { attempt: Claimed }[]): string[] {
  return items.map(({ attempt }) => attempt.attemptId);
}
