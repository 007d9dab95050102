import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { datarightsV1 } from '@heed/contracts';
import { witnessVkey } from '@heed/data-rights';
import { CLOCK, cosignedAt, isDomainError, NIL_UUID, readCheckpoint, type Clock } from '@heed/kernel';
import { RpcClients, ServiceKeys } from '@heed/rpc';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { type PrivacySettings } from '../settings.js';
import { LogOffer } from './log-offer.js';
import { RememberedLog } from './remembered-log.js';
import { TransparencyLog } from './transparency-log.js';
import { keepCosignature } from './witness.store.js';

/** What has grown is shown within this time; a witness that did not answer is asked again sooner. */
const LOOK_MS = 10_000;
const AGAIN_MS = 2_000;
/** Also when nothing has grown: whoever was put back is to be found out. */
const AT_LEAST_MS = 600_000;
const PATIENCE_MS = 2_000;

/**
 * Has every other service countersign the log. Each remembers what it has seen: where one remembers what the log does not
 * contain, the log was put back or forked, and nothing is appended any more. The first round is over before anything is.
 */
@Injectable()
export class AskWitnesses implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly services: readonly string[];
  private readonly cosigned = new Map<string, { origin: number; size: number; at: number }>();
  private readonly stopping = new AbortController();
  private asking: Promise<unknown> = Promise.resolve();
  private forked = false;

  constructor(
    private readonly log: TransparencyLog,
    private readonly offer: LogOffer,
    private readonly remembered: RememberedLog,
    private readonly clients: RpcClients,
    private readonly keys: ServiceKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: PrivacySettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.services = settings.HEED_ANSWERING_SERVICES.filter((service) => service !== 'privacy');
    metrics.gauge(
      'heed_log_forked',
      { description: '1 while a service remembers a checkpoint that the log does not contain.' },
      () => Number(this.forked),
    );
  }

  onApplicationBootstrap(): void {
    const first = this.pauseAfterRound();
    this.log.holdUntil(first);
    this.asking = this.keepAsking(first);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.asking;
  }

  /** Shows the log to each that has not seen all of it. Answers whether all have. */
  async round(): Promise<boolean> {
    const { origin, size } = await this.log.checkpoint();
    this.forked = origin.forkedNote !== null;
    if (this.forked) return true;
    const now = this.clock.monotonicMs();
    const waiting = this.services.filter((service) => {
      const last = this.cosigned.get(service);
      return last?.origin !== origin.number || last.size < size || now - last.at > AT_LEAST_MS;
    });
    const asked = await Promise.all(waiting.map((service) => this.askQuietly(service)));
    return asked.every((cosigned) => cosigned);
  }

  private async askQuietly(service: string): Promise<boolean> {
    try {
      return await this.ask(service);
    } catch (error) {
      // Away, or not there yet: it is asked again. What the log promises does not hang on it.
      if (!isDomainError(error) || !['unavailable', 'deadline-exceeded', 'aborted'].includes(error.kind))
        this.logger.error('a witness of the log cannot be asked', { callee: service, error });
      return false;
    }
  }

  private async ask(service: string): Promise<boolean> {
    let answer = await this.show(service, this.cosigned.get(service)?.size ?? 0);
    if (answer.refusal && answer.known) {
      const found = await this.remembered.judge(answer.known);
      // Also where it cannot be proved: the witness is to see for itself that it cannot.
      if (answer.refusal === 'ANOTHER_SIZE')
        answer = await this.show(service, readCheckpoint(answer.known)?.size ?? 0);
      if (found.isForked) {
        this.forked = true;
        await this.log.foundForked(found.origin, answer.known);
      }
    }
    if (answer.refusal)
      this.logger.error('a witness refuses the log', { callee: service, reason: answer.refusal });
    return answer.refusal === '';
  }

  private async show(service: string, oldSize: number): Promise<datarightsV1.WitnessCheckpointResponse> {
    const offer = await this.offer.from(oldSize);
    const client = this.clients.of(datarightsV1.DataRightsServiceService, service);
    const answer = await client.witnessCheckpoint(offer, { tenantId: NIL_UUID, timeoutMs: PATIENCE_MS });
    if (answer.refusal === '') await this.keep(service, offer.checkpoint, answer);
    return answer;
  }

  private async keep(
    service: string,
    note: string,
    { cosignature, keyId }: datarightsV1.WitnessCheckpointResponse,
  ): Promise<void> {
    const key = await this.keys.publicKeyOf(service, keyId);
    const { text, size } = readCheckpoint(note)!;
    const vkey = key ? witnessVkey(service, key) : '';
    const at = key && cosignedAt(text, cosignature, vkey);
    if (!at) {
      this.logger.error('a cosignature is not by the key of its service', { callee: service, keyId });
      return;
    }
    await this.log.reading((tx, origin) =>
      keepCosignature(tx, origin, { service, size, vkey, line: cosignature, at }),
    );
    const { number } = await this.log.reading(async (_tx, origin) => origin);
    this.cosigned.set(service, { origin: number, size, at: this.clock.monotonicMs() });
  }

  private async keepAsking(first: Promise<number>): Promise<void> {
    const { signal } = this.stopping;
    for (let pause = await first; !signal.aborted; pause = await this.pauseAfterRound())
      await this.clock.wait(pause, signal).catch(() => undefined);
  }

  /** How long to wait for the next one. */
  private async pauseAfterRound(): Promise<number> {
    if (this.stopping.signal.aborted) return 0;
    try {
      return (await this.round()) ? LOOK_MS : AGAIN_MS;
    } catch (error) {
      this.logger.error('the witnesses of the log cannot be asked', { error });
      return AGAIN_MS;
    }
  }
}
