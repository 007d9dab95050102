import { Controller } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { invalidArgument, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { listHits, type ProbeHit, type Resolution } from './found.store.js';
import { ResolveHit } from './resolve-hit.js';
import { RunSweep } from './run-sweep.js';
import { StreamNeedles } from './stream-needles.js';
import { countWaiting, listSweeps, partsOf, type Sweep, type SweepPart } from './sweep.store.js';

const { HitResolution } = privacyV1;
const RESOLUTIONS: Record<Resolution, privacyV1.HitResolution> = {
  removed: HitResolution.HIT_RESOLUTION_REMOVED,
  not_theirs: HitResolution.HIT_RESOLUTION_NOT_THEIRS,
};

@Controller()
export class SweepsGrpc {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly running: RunSweep,
    private readonly needles: StreamNeedles,
    private readonly resolving: ResolveHit,
  ) {}

  @GrpcMethod('SweepsService', 'BeginSweep')
  async beginSweep(): Promise<privacyV1.BeginSweepResponse> {
    const sweep = await this.running.begin();
    return { sweep: sweep && (await this.messages([sweep]))[0] };
  }

  @GrpcMethod('SweepsService', 'ListSweeps')
  async listSweeps(@Payload() request: privacyV1.ListSweepsRequest): Promise<privacyV1.ListSweepsResponse> {
    const { page, waiting } = await this.uow.runAcross('service', async (tx) => ({
      page: await readPage(request, { of: ({ sweepId }: Sweep) => sweepId }, (before, limit) =>
        listSweeps(tx, before, limit),
      ),
      waiting: await countWaiting(tx),
    }));
    return {
      sweeps: await this.messages(page.rows),
      nextPageToken: page.nextPageToken,
      ...{ waiting, nextAt: this.running.nextAt().toISOString() },
    };
  }

  @GrpcMethod('SweepsService', 'StreamNeedles')
  streamNeedles(
    @Payload() { sweepId }: privacyV1.StreamNeedlesRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.StreamNeedlesResponse> {
    return this.needles.stream(caller, sweepId);
  }

  @GrpcMethod('SweepsService', 'ListProbeHits')
  async listProbeHits(
    @Payload() request: privacyV1.ListProbeHitsRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<privacyV1.ListProbeHitsResponse> {
    const page = await this.uow.run(tenantId, (tx) =>
      readPage(request, { of: ({ hitId }: ProbeHit) => hitId }, (before, limit) =>
        listHits(tx, request.includeResolved, before, limit),
      ),
    );
    return { hits: page.rows.map(hitMessage), nextPageToken: page.nextPageToken };
  }

  @GrpcMethod('SweepsService', 'ResolveProbeHit')
  async resolveProbeHit(
    @Payload() { hitId, resolution: number, reason }: privacyV1.ResolveProbeHitRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ResolveProbeHitResponse> {
    const resolution = (Object.keys(RESOLUTIONS) as Resolution[]).find(
      (name) => RESOLUTIONS[name] === number,
    );
    if (!resolution) throw invalidArgument({ field: 'resolution', reason: 'REQUIRED' });
    return { hit: hitMessage(await this.resolving.resolve(caller, hitId, { resolution, reason })) };
  }

  private async messages(sweeps: readonly Sweep[]): Promise<privacyV1.Sweep[]> {
    const parts = await this.uow.runAcross('service', (tx) =>
      partsOf(
        tx,
        sweeps.map(({ sweepId }) => sweepId),
      ),
    );
    return sweeps.map(({ sweepId, beganAt, endedAt, requests }) => ({
      ...{ sweepId, requests, beganAt: beganAt.toISOString(), endedAt: endedAt?.toISOString() ?? '' },
      parts: parts.filter((part) => part.sweepId === sweepId).map(partMessage),
    }));
  }
}

function partMessage({ service, answeredAt, found, excepted }: SweepPart): privacyV1.SweepPart {
  return { service, answeredAt: answeredAt?.toISOString() ?? '', found, excepted };
}

function hitMessage(hit: ProbeHit): privacyV1.ProbeHit {
  const { hitId, requestId, service, store, column, row } = hit;
  return {
    ...{ hitId, requestId, service, store, column, row, foundAt: hit.foundAt.toISOString() },
    resolution: hit.resolution ? RESOLUTIONS[hit.resolution] : HitResolution.HIT_RESOLUTION_UNSPECIFIED,
    ...{ reason: hit.reason ?? '', resolvedBy: hit.resolvedBy ?? '' },
    resolvedAt: hit.resolvedAt?.toISOString() ?? '',
  };
}
