import { type FrameSettings, SETTINGS } from '@heed/config';
import { telephonyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Database } from '@heed/postgres';
import { type MemberClient } from '@heed/rpc';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import { CallSteps, type CallStep } from '../src/calling/call-steps.js';
import { telephony } from '../src/service.js';
import { Outside } from './outside.js';
import { PhoneNetwork } from './phone-network.js';
import { SkippingClock } from './skipping-clock.js';

/** telephony whole, with a simulated carrier and stand-ins for the services that it calls. */
export class TelephonyService {
  /** The simulator's, unless another is given. */
  constructor(private readonly carrierUrl?: () => string) {}

  readonly tenantId = newId();
  readonly clock = new SkippingClock();
  readonly phones = new PhoneNetwork();
  readonly outside = new Outside();
  /** What a spec does at a step. */
  onStep: (step: CallStep, callId: string) => void | Promise<void> = () => undefined;
  cluster!: Cluster;
  database!: Database;
  member!: MemberClient;

  async start(more: Record<string, string> = {}): Promise<void> {
    await Promise.all([this.phones.start(), this.outside.start()]);
    this.phones.behave({});
    const carrier = this.carrierUrl?.() ?? this.phones.url;
    const env = { ...this.outside.env, HEED_CARRIER_URL: carrier, ...more };
    this.cluster = await startCluster([telephony], { clock: this.clock, env });
    const settings: FrameSettings = this.cluster.service('telephony').get(SETTINGS);
    await this.outside.register(settings.HEED_IDENTITY_GRPC!);
    this.database = this.cluster.database('telephony').open();
    this.member = await this.cluster.asMember('telephony', { tenantId: this.tenantId });
    this.watchSteps();
  }

  async stop(): Promise<void> {
    await this.cluster?.stop();
    this.outside.stop();
    await this.phones.stop();
  }

  /** Killed as by SIGKILL, and there again; what the dead one had claimed is claimed anew once its claim ran out. */
  async restart(): Promise<void> {
    await this.cluster.restart('telephony');
    this.watchSteps();
    this.clock.skip(16_000);
  }

  get calls() {
    return this.member.of(telephonyV1.CallsServiceService);
  }

  async place(
    contactId = newId(),
    change: Partial<telephonyV1.PlaceCallRequest> = {},
  ): Promise<telephonyV1.Call> {
    const request = { requestId: newId(), contactId, purpose: 'news', record: false, ...change };
    return (await this.calls.placeCall(request)).call!;
  }

  /** The call once it has ended and its recording is settled, and the states that were seen on the way. */
  async ended({
    callId,
  }: telephonyV1.Call): Promise<{ call: telephonyV1.Call; states: telephonyV1.CallState[] }> {
    const states: telephonyV1.CallState[] = [];
    let last: telephonyV1.Call | undefined;
    // Tried again while the service is restarting, as a stream is not.
    await this.calls.getCall({ callId }, { timeoutMs: 100_000 });
    for await (const { call } of this.calls.watchCall({ callId }, { timeoutMs: 100_000 })) {
      last = call!;
      states.push(last.state);
    }
    return { call: last!, states };
  }

  /** Resolves once the call is seen in a state. */
  async reaches({ callId }: telephonyV1.Call, state: telephonyV1.CallState): Promise<void> {
    for await (const { call } of this.calls.watchCall({ callId }, { timeoutMs: 100_000 })) {
      if (call!.state === state) return;
    }
    throw new Error('the call ended before');
  }

  /** How a call ends that is placed now. */
  async outcomeOf(contactId = newId()): Promise<[telephonyV1.Call['outcome'], string]> {
    const { call } = await this.ended(await this.place(contactId));
    return [call.outcome, call.reason];
  }

  async listen({ callId }: telephonyV1.Call, as = this.member): Promise<Buffer[]> {
    const chunks: Buffer[] = [];
    const stream = as.of(telephonyV1.CallsServiceService).streamRecording({ callId }, { timeoutMs: 100_000 });
    for await (const { chunk } of stream) chunks.push(chunk);
    return chunks;
  }

  async rows<R extends object>(sql: string, ...params: unknown[]): Promise<R[]> {
    return (await this.database.pool('probe').query<R>(sql, params)).rows;
  }

  private watchSteps(): void {
    const steps = this.cluster.service('telephony').get(CallSteps);
    steps.reached = (step, callId) => this.onStep(step, callId);
  }
}
