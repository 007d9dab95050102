import { cosign, vkeyOf, type Clock, type SigningKey } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { type Logger, metrics } from '@heed/telemetry';
import { judge, type Offer, type Refusal } from './judge-checkpoint.js';
import {
  keepRefusal,
  lockWitnessed,
  remember,
  succeed,
  witnessedLog,
  type WitnessedLog,
} from './log-witness.store.js';

export interface LogWitnessParts {
  service: string;
  work: UnitOfWork;
  signing: SigningKey;
  clock: Clock;
  log: Logger;
}

export interface Witnessed {
  cosignature: string;
  refusal: Refusal | '';
  /** What is remembered now, as the log signed it. */
  known: string;
}

const refusedTotal = metrics.counter('heed_log_refused_total', {
  description: 'Checkpoints of the transparency log that this service refused to countersign',
});

/** Name under which a service countersigns. */
export function witnessName(service: string): string {
  return `heed/witness/${service}`;
}

export function witnessVkey(service: string, publicKey: Uint8Array): string {
  return vkeyOf('witness', witnessName(service), publicKey);
}

/**
 * This service as a witness of the transparency log: it remembers the latest checkpoint in its own database and
 * countersigns nothing that does not contain it. A log that was put back, or shows two people two trees, is so found out
 * by the others (ATTACKS 6.3).
 */
export class LogWitness {
  /** For the gauge; what is refused is in the table. */
  private refuses = false;

  constructor(private readonly parts: LogWitnessParts) {
    metrics.gauge(
      'heed_log_refused',
      {
        description:
          '1 while the transparency log has not shown that it contains what this service remembers.',
      },
      () => Number(this.refuses),
    );
  }

  async onModuleInit(): Promise<void> {
    this.refuses = Boolean((await this.known())?.refusal);
  }

  witness(offer: Offer): Promise<Witnessed> {
    const { service, work, signing, clock, log } = this.parts;
    return work.runAcross('service', async (tx): Promise<Witnessed> => {
      const known = await lockWitnessed(tx);
      const judged = judge(known, offer);
      const at = clock.now();
      if ('refusal' in judged) {
        const { refusal } = judged;
        if (refusal === 'ANOTHER_SIZE' || refusal === 'UNSIGNED' || !known)
          return { cosignature: '', refusal, known: known?.note ?? '' };
        await keepRefusal(tx, known.origin, { refusal, note: offer.checkpoint, at });
        tx.afterCommit(() => {
          this.refuses = true;
          refusedTotal.add(1, { reason: refusal });
          log.error('the transparency log does not contain what it has promised', { reason: refusal });
        });
        return { cosignature: '', refusal, known: known.note };
      }
      const { checkpoint, succeeds } = judged;
      const { origin, size, root, text } = checkpoint;
      if (known && succeeds) {
        await succeed(tx, known.origin, origin);
        tx.afterCommit(() =>
          log.warn('the transparency log goes on under a new origin', { size: known.size }),
        );
      }
      const note = offer.checkpoint;
      await remember(tx, { origin, vkey: offer.vkey, size, root, note }, at);
      tx.afterCommit(() => {
        this.refuses = !succeeds && known?.refusal === 'FORKED';
      });
      return { cosignature: cosign(text, witnessName(service), signing, at), refusal: '', known: note };
    });
  }

  known(): Promise<WitnessedLog | undefined> {
    return this.parts.work.runAcross('service', witnessedLog);
  }
}
