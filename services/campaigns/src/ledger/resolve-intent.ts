import { Inject, Injectable } from '@nestjs/common';
import { campaignsV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { outcomeOf } from '../campaigns/step.js';
import { refusal } from '../errors.js';
import { ConcludeIntents } from './conclude-intents.js';
import { messageOf } from './intent-message.js';
import { intentById } from './intent.store.js';
import { ResolutionEntity } from './resolution.entity.js';

const { ResolutionNote: Note } = campaignsV1;

const NOTES: Partial<Record<campaignsV1.ResolutionNote, string>> = {
  [Note.RESOLUTION_NOTE_PROVIDER_LOG]: 'provider_log',
  [Note.RESOLUTION_NOTE_PERSON]: 'person',
  [Note.RESOLUTION_NOTE_RETURNED]: 'returned',
  [Note.RESOLUTION_NOTE_REACTION]: 'reaction',
};

/** A person found out what became of an intent that nobody could tell of. */
@Injectable()
export class ResolveIntent {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly concludeIntents: ConcludeIntents,
    private readonly audit: TellActs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async resolve(
    caller: Pick<Caller, 'tenantId' | 'actorId' | 'method'>,
    { intentId, outcome: code, note: noteCode }: campaignsV1.ResolveIntentRequest,
  ): Promise<campaignsV1.ResolveIntentResponse> {
    const { tenantId, actorId } = caller;
    const outcome = outcomeOf(code);
    const note = NOTES[noteCode];
    if (outcome !== 'sent' && outcome !== 'failed') {
      throw invalidArgument({ field: 'outcome', reason: 'NOT_SENT_OR_FAILED' });
    }
    if (note === undefined) throw invalidArgument({ field: 'note', reason: 'REQUIRED' });
    return this.uow.run(tenantId, async (tx) => {
      const { campaignId } = found(await intentById(tx, intentId));
      const reason = outcome === 'failed' ? note : null;
      const word = { intentId, campaignId, outcome, reason, isLater: true, onlyUnknown: true };
      const moved = await this.concludeIntents.asSendersSay(tx, [word]);
      // Read behind the campaign's lock.
      const intent = found(await intentById(tx, intentId));
      const { ordinal } = intent;
      if (moved > 0) {
        const resolvedAt = this.clock.now();
        const resolution = { tenantId, campaignId, ordinal, outcome, note, actorId, resolvedAt };
        await tx.manager.insert(ResolutionEntity, resolution);
        await this.audit.tell(tx, caller, intentId);
      } else {
        // Whoever lost the answer says it again.
        const same = { tenantId, campaignId, ordinal, outcome };
        if (!(await tx.manager.existsBy(ResolutionEntity, same))) throw refusal('INTENT_NOT_UNKNOWN');
      }
      return { intent: messageOf(intent) };
    });
  }
}

function found<Row>(row: Row | undefined): Row {
  if (!row) throw refusal('INTENT_NOT_FOUND');
  return row;
}
