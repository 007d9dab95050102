import { Inject, Injectable } from '@nestjs/common';
import { contactsV1, messagingV1, telephonyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { LOGGER, type Logger } from '@heed/telemetry';
import { numberOf } from '../contacts/channel-message.js';
import { refusal } from '../errors.js';
import { permittedBetween, type Permitted } from '../permits/permitted.store.js';
import { entryMessage } from './consent-message.js';
import { entryById } from './consent.store.js';
import { NOT_TOLD, standingOfCall, standingOfMessage, wasInFlight, type Standing } from './in-flight.js';

/** What was handed over longer ago has arrived or come back, as far as anybody can tell. Longer than any call. */
const BEFORE_MS = 3_600_000;
const MOST_SHOWN = 100;
const ANSWER_WITHIN_MS = 2_000;

/**
 * An opt-out with what it came too late for. Whatever was on its way had a permit, which is a row of ours: so nothing is
 * missing from the answer, though a sender that knows more of it is away.
 */
@Injectable()
export class GetOptOut {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async get({ tenantId }: Caller, entryId: string): Promise<contactsV1.GetOptOutResponse> {
    const { entry, permitted } = await this.uow.run(tenantId, async (tx) => {
      const found = await entryById(tx, entryId);
      if (found?.state !== 'opted_out') throw refusal('OPT_OUT_NOT_FOUND');
      const before = { from: new Date(found.recordedAt.getTime() - BEFORE_MS), until: found.recordedAt };
      return {
        entry: found,
        permitted: await permittedBetween(tx, found.contactId, found, before, MOST_SHOWN),
      };
    });
    const standings = await Promise.all(permitted.map((attempt) => this.standingOf(tenantId, attempt)));
    const inFlight = permitted
      .map((attempt, index) => ({ attempt, standing: standings[index]! }))
      .filter(({ standing }) => wasInFlight(standing, entry.recordedAt));
    return {
      entry: entryMessage(entry),
      inFlight: inFlight.map(({ attempt, standing }) => messageOf(attempt, standing)),
    };
  }

  private async standingOf(tenantId: string, { attemptId, issuedTo }: Permitted): Promise<Standing> {
    const options = { tenantId, timeoutMs: ANSWER_WITHIN_MS };
    try {
      if (issuedTo === 'telephony') {
        const calls = this.clients.of(telephonyV1.CallsServiceService, 'telephony');
        const { call } = await calls.getCall({ callId: attemptId }, options);
        return call ? standingOfCall(call) : NOT_TOLD;
      }
      const messages = this.clients.of(messagingV1.MessagesServiceService, 'messaging');
      const { attempt } = await messages.getAttempt({ attemptId }, options);
      return attempt ? standingOfMessage(attempt) : NOT_TOLD;
    } catch (error) {
      this.log.warn('a sender did not say where an attempt stands', { attemptId, tenantId, error });
      return NOT_TOLD;
    }
  }
}

function messageOf(attempt: Permitted, { state, since, reason }: Standing): contactsV1.InFlight {
  return {
    ...{ attemptId: attempt.attemptId, channel: numberOf(attempt.channel), purpose: attempt.purpose },
    permittedAt: attempt.issuedAt.toISOString(),
    ...{ state, since: since?.toISOString() ?? '', reason: reason ?? '' },
  };
}
