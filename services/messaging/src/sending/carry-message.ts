import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Denial, type HeldPermit, PermitDesks } from '@heed/permits';
import { logger, metrics, withRemoteParent, withSpan } from '@heed/telemetry';
import { ArmAttempts } from './arm-attempts.js';
import { askFor } from './ask-for.js';
import { DomainPace } from './domain-pace.js';
import { type HandOver } from './hand-over.js';
import { afterHandOver, type Next } from './outcome.js';
import { PermitGuard } from './permit-guard.js';
import { type Prepared } from './prepare-messages.js';
import { SendingSteps } from './sending-steps.js';
import { type SmtpSlot } from './smtp-slot.js';

const log = logger({ component: 'sending' });
const handedOver = metrics.counter('heed_messages_handed_over_total', {
  description: 'Messages given to the mail server, by what became of it',
});
const late = metrics.histogram('heed_permit_late_ms', {
  description:
    'By how much a write ended after its permit. Alarm on any: a process was stopped, or a buffer was full',
  unit: 'ms',
});

/** Hands one armed message over, and says how its attempt ended or that it may be made again. */
@Injectable()
export class CarryMessage {
  constructor(
    private readonly desks: PermitDesks,
    private readonly armAttempts: ArmAttempts,
    private readonly domains: DomainPace,
    private readonly steps: SendingSteps,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In the trace of the step that asked for it, whatever batch it was armed in. */
  carry(senderId: string, message: Prepared, slot: SmtpSlot): Promise<Next> {
    const { attemptId, intentId, traceparent } = message.attempt;
    return withRemoteParent(traceparent, () =>
      withSpan('message.send', { attemptId, intentId }, () => this.handOver(senderId, message, slot)),
    );
  }

  private async handOver(senderId: string, message: Prepared, slot: SmtpSlot): Promise<Next> {
    const { attempt, permit, envelopeFrom, raw, template } = message;
    const { tail } = template.form;
    const pieces = tail === undefined ? [raw] : [raw, tail];
    const { attemptId } = attempt;
    const guard = new PermitGuard({
      ...{ attemptId, permit },
      renew: (old) => this.renew(senderId, message, old),
      beforeDot: () => this.steps.reached('before-dot', [attemptId]),
    });
    let result: HandOver | undefined;
    try {
      await this.steps.reached('before-recipient', [attemptId]);
      result = await withSpan(
        'permit.use',
        { attemptId, permitId: permit.proof.permitId },
        () => slot.handOver({ from: envelopeFrom, to: permit.address }, pieces, guard),
        { kind: 'client' },
      );
      await this.steps.reached('answered', [attemptId]);
      handedOver.add(1, { outcome: result.kind });
      if (guard.lateMs > 0) this.alarm(attemptId, guard.lateMs);
      return afterHandOver(
        result,
        { ...attempt, lateMs: guard.lateMs, denial: guard.denial },
        this.clock.now(),
      );
    } finally {
      this.domains.leave(permit, result);
      guard.release();
    }
  }

  /** The address stays: a person who has another one by now is reached there by the next message. */
  private async renew(
    senderId: string,
    { attempt, template }: Prepared,
    old: HeldPermit,
  ): Promise<HeldPermit | Denial | undefined> {
    try {
      const [answer] = await this.desks.obtain(old.tenantId, [askFor(attempt, template)]);
      if (answer?.kind !== 'permit') return answer;
      const sameAddress = answer.endpointHash === old.endpointHash;
      if (sameAddress && (await this.armAttempts.rearm(senderId, answer))) return answer;
      answer.release();
    } catch (error) {
      log.warn('a permit could not be renewed: the message is not ended', {
        error,
        attemptId: attempt.attemptId,
      });
    }
    return undefined;
  }

  private alarm(attemptId: string, lateMs: number): void {
    late.record(lateMs, { channel: 'email' });
    log.error('a message was written after its permit had ended', { attemptId, lateMs });
  }
}
