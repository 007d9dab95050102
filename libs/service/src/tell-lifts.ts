import { privacyV1 } from '@heed/contracts';
import { readLiftsByHand } from '@heed/events';
import { NIL_UUID } from '@heed/kernel';
import { type Frame } from './frame.js';

const AGAIN_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
/** What one call takes; no database is opened by hand that often. */
const MOST = 500;

/**
 * Whoever opened this service by hand, although its database may have gone back, is named in the operator's audit log,
 * which privacy keeps. Told at each start, for as long as it takes; what is known there is taken once.
 */
export async function tellLifts(
  { definition, uow, clients, clock, log }: Pick<Frame, 'definition' | 'uow' | 'clients' | 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  for (let pause = AGAIN_MS; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      const lifts = await uow.runAcross('service', (tx) => readLiftsByHand(tx));
      if (lifts.length === 0) return;
      const entries = lifts.slice(-MOST).map(({ liftId, liftedBy, liftedAt, because }) => ({
        ...{ entryId: liftId, at: liftedAt.toISOString(), actorId: liftedBy ?? 'operator' },
        ...{ action: `heed quarantine lift: ${because}`, subjectId: '', service: definition.name },
      }));
      const audit = clients.of(privacyV1.AuditServiceService, 'privacy');
      await audit.recordAccess({ entries }, { tenantId: NIL_UUID, signal });
      return;
    } catch (error) {
      if (pause === AGAIN_MS)
        log.warn('the audit log was not told of a lifted quarantine, will try again', { error });
    }
    await clock.wait(pause, signal).catch(() => undefined);
  }
}
