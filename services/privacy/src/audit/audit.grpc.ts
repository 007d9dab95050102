import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { invalidArgument, timeSpan, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { type AuditFact, type ChainedFact } from './audit-chain.js';
import { auditPage } from './audit.store.js';
import { ExportAuditLog } from './export-audit-log.js';
import { RecordAccess } from './record-access.js';

@Controller()
@privacyV1.AuditServiceControllerMethods()
export class AuditGrpc implements Omit<privacyV1.AuditServiceController, 'exportAuditLog'> {
  constructor(
    private readonly recording: RecordAccess,
    private readonly uow: UnitOfWork,
    private readonly exporting: ExportAuditLog,
  ) {}

  async recordAccess(
    @Payload() { entries }: privacyV1.RecordAccessRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RecordAccessResponse> {
    // A service speaks for itself: whatever it says of another's name is not taken over.
    await this.recording.record(
      caller.tenantId,
      entries.map((entry, i) => factOf(entry, i, caller.service ?? caller.actorId)),
    );
    return {};
  }

  async listAuditEntries(
    @Payload() request: privacyV1.ListAuditEntriesRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ListAuditEntriesResponse> {
    const at = timeSpan('at', request.atAfter, request.atBefore);
    await this.recording.chainNow(caller.tenantId);
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(
        request,
        { of: ({ seq }: ChainedFact) => seq.toString(), isValid: (text) => /^[1-9]\d{0,17}$/.test(text) },
        (before, limit) =>
          auditPage(tx, {
            ...(before !== undefined && { before: BigInt(before) }),
            ...(request.subjectId && { subjectId: request.subjectId }),
            ...(request.actorId && { actorId: request.actorId }),
            ...(request.action && { action: request.action }),
            ...(request.service && { service: request.service }),
            at,
            limit,
          }),
      ),
    );
    return { entries: rows.map(messageOf), nextPageToken };
  }

  async *exportAuditLog(
    @Payload() _: privacyV1.ExportAuditLogRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.ExportAuditLogResponse> {
    for await (const chunk of this.exporting.export(caller)) yield { chunk };
  }
}

function factOf(entry: privacyV1.AuditEntry, index: number, service: string): AuditFact {
  const at = new Date(entry.at);
  if (Number.isNaN(at.getTime()))
    throw invalidArgument({ field: `entries[${index}].at`, reason: 'NOT_A_TIME' });
  return {
    entryId: entry.entryId,
    at,
    actorId: entry.actorId,
    action: entry.action,
    ...(entry.subjectId && { subjectId: entry.subjectId }),
    service,
  };
}

function messageOf({ entryId, at, actorId, action, subjectId, service }: ChainedFact): privacyV1.AuditEntry {
  return { entryId, at: at.toISOString(), actorId, action, subjectId: subjectId ?? '', service };
}
