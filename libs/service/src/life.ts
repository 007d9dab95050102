import { privacyV1 } from '@heed/contracts';
import { beginAfter, beginIncarnation, enterQuarantine, markWitnessed, type Incarnation } from '@heed/events';
import { NIL_UUID } from '@heed/kernel';
import { type Frame } from './frame.js';

/** How long a start waits for its witness. One that is away, or starting too, is asked again later. */
const AT_START_MS = 2_000;
const AGAIN_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
const HOUR_MS = 3_600_000;

export const LEFT_BEHIND = 'INCARNATION_LEFT_BEHIND';

/**
 * In which life this service's database is. Each start, and each hour, is a life of its own, which privacy witnesses: a
 * database that was put back comes up with one that another has followed.
 */
export class Life {
  private current: Incarnation | undefined;
  private saidSo = false;

  constructor(private readonly frame: Pick<Frame, 'definition' | 'clients' | 'uow' | 'clock' | 'log'>) {}

  /** Commits a new life and asks once. False: the database was put back, which is written down. */
  async begin(signal: AbortSignal): Promise<boolean> {
    await this.renew();
    if ((await this.witnessed(signal, AT_START_MS)) !== 'left-behind') return true;
    const { uow, clock } = this.frame;
    await uow.runAcross('service', (tx) => enterQuarantine(tx, LEFT_BEHIND, clock.now()));
    return false;
  }

  /** Resolves once it turns out that the database was put back; else when it is stopped. */
  async watch(signal: AbortSignal): Promise<'left-behind' | 'stopped'> {
    const { clock } = this.frame;
    let pause = AGAIN_MS;
    while (!signal.aborted) {
      const isWitnessed = this.current?.isWitnessed ?? false;
      await clock.wait(isWitnessed ? HOUR_MS : pause, signal).catch(() => undefined);
      if (signal.aborted) break;
      try {
        if (isWitnessed) await this.renew();
        if ((await this.witnessed(signal)) === 'left-behind') return 'left-behind';
      } catch (error) {
        this.frame.log.warn('incarnation not committed, will try again', { error });
      }
      pause = isWitnessed ? AGAIN_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    return 'stopped';
  }

  /** After a resync: a life that follows whatever was witnessed. A witness that is away learns of it later. */
  async followOn(signal: AbortSignal): Promise<void> {
    await this.beginAfter(0n);
    await this.witnessed(signal, AT_START_MS);
  }

  private async beginAfter(number: bigint): Promise<void> {
    const { uow, clock } = this.frame;
    this.current = await uow.runAcross('service', (tx) => beginAfter(tx, number, clock.now()));
  }

  private async renew(): Promise<void> {
    const { uow, clock } = this.frame;
    this.current = await uow.runAcross('service', (tx) => beginIncarnation(tx, clock.now()));
  }

  private async witnessed(
    signal: AbortSignal,
    timeoutMs?: number,
  ): Promise<'yes' | 'not-yet' | 'left-behind'> {
    const { log } = this.frame;
    let told: privacyV1.WitnessIncarnationResponse;
    try {
      told = await this.tell(signal, timeoutMs);
      if (told.leftBehind && this.current?.resynced) {
        // It was put back behind what was witnessed, has caught up since, and counts on from there.
        await this.beginAfter(told.number);
        told = await this.tell(signal, timeoutMs);
      }
    } catch (error) {
      // Said once: whoever starts beside privacy is a little too early.
      if (!this.saidSo) log.info('incarnation not witnessed yet, will ask again', { error });
      this.saidSo = true;
      return 'not-yet';
    }
    if (!told.leftBehind) {
      await this.noteWitnessed();
      return 'yes';
    }
    return 'left-behind';
  }

  private async noteWitnessed(): Promise<void> {
    const { uow, clock } = this.frame;
    const life = this.current;
    if (life === undefined) return;
    await uow.runAcross('service', (tx) => markWitnessed(tx, life.nonce, clock.now()));
    life.isWitnessed = true;
  }

  private async tell(signal: AbortSignal, timeoutMs?: number): Promise<privacyV1.WitnessIncarnationResponse> {
    const { number, nonce, previous = '', resynced } = this.current!;
    const request = { number, nonce, previousNonce: previous, resynced };
    const restores = this.frame.clients.of(privacyV1.RestoresServiceService, 'privacy');
    return restores.witnessIncarnation(request, { tenantId: NIL_UUID, signal, timeoutMs });
  }
}
