import { Controller, Module } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { signOrders } from '@heed/data-rights';
import { newId, SigningKey } from '@heed/kernel';
import { defineService } from '../../src/index.js';
import { Note } from './notes.js';

/** What the stand-in of privacy remembers of the past, and what specs hold. */
export const ledger = {
  /** The number that it has witnessed, where a database may have gone back. */
  witnessed: 0n,
  orders: [] as datarightsV1.OrderBatch[],
  holds: [] as privacyV1.HoldChanged[],
  /** What it was told for the audit log. */
  audited: [] as privacyV1.AuditEntry[],
  beforeAnswer: async (): Promise<void> => undefined,
  reset() {
    this.witnessed = 0n;
    this.orders = [];
    this.holds = [];
    this.audited = [];
    this.beforeAnswer = async () => undefined;
  },
};

/** An order of erasure as privacy issued it, for the one service that there is. */
export function orderOf(tenantId: string, subjectId: string, manifest: string): datarightsV1.OrderBatch {
  return {
    ...{ batchId: newId(), tenantId, action: datarightsV1.Action.ACTION_ERASE },
    ...{ issuedAt: new Date().toISOString(), manifests: { contacts: manifest } },
    orders: [
      {
        ...{ orderId: newId(), requestId: newId(), orderNumber: 1n, subjectId, aliases: [], handle: '' },
        ...{ subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT, objects: false, corrects: false },
      },
    ],
  };
}

@Controller()
class RestoresGrpc {
  constructor(private readonly key: SigningKey) {}

  @GrpcMethod('RestoresService', 'WitnessIncarnation')
  witness(@Payload() life: privacyV1.WitnessIncarnationRequest): privacyV1.WitnessIncarnationResponse {
    const leftBehind = life.number < ledger.witnessed;
    return { leftBehind, number: leftBehind ? ledger.witnessed : life.number };
  }

  @GrpcMethod('RestoresService', 'StreamErasures')
  async *streamErasures(): AsyncGenerator<privacyV1.StreamErasuresResponse> {
    await ledger.beforeAnswer();
    for (const batch of ledger.orders) yield { orders: signOrders(batch, this.key) };
  }

  @GrpcMethod('RestoresService', 'StreamStops')
  async *streamStops(): AsyncGenerator<privacyV1.StreamStopsResponse> {
    yield await Promise.resolve({ stops: [] });
  }

  @GrpcMethod('RestoresService', 'StreamHolds')
  async *streamHolds(): AsyncGenerator<privacyV1.StreamHoldsResponse> {
    yield { holds: ledger.holds };
  }
}

@Controller()
class AuditGrpc {
  @GrpcMethod('AuditService', 'RecordAccess')
  record(@Payload() { entries }: privacyV1.RecordAccessRequest): privacyV1.RecordAccessResponse {
    ledger.audited.push(...entries);
    return {};
  }
}

@Module({ controllers: [RestoresGrpc, AuditGrpc] })
class PrivacyModule {}

/** Stands for privacy: witnesses lives, keeps the erasure ledger. */
export const ledgerOfPrivacy = defineService({
  ...{ name: 'privacy', module: PrivacyModule, http: false, entities: [Note] },
  ...{ migrations: new URL('./migrations/', import.meta.url) },
  grpc: [privacyV1.RestoresServiceService, privacyV1.AuditServiceService],
});
