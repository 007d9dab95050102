import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Module,
  type OnModuleInit,
  Post,
} from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { z } from 'zod';
import { ConsentChanged, contactsV1 } from '@heed/contracts';
import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { addOffsite, Consumers, Outbox } from '@heed/events';
import { AnyMemberRoute, FromCaller as FromHttpCaller, PublicRoute, valid } from '@heed/http';
import { type Caller, CLOCK, type Clock, newId } from '@heed/kernel';
import { addSubjects, UnitOfWork } from '@heed/postgres';
import { FromCaller, RequestReplay, RpcClients } from '@heed/rpc';
import { currentTraceparent } from '@heed/telemetry';
import { deferred } from '@heed/testing';
import { defineService, type OffsiteLog } from '../../src/index.js';

const { RecordOptOutRequest, RecordOptOutResponse } = contactsV1;
const migrations = new URL('./migrations/', import.meta.url);

/** What the specs watch and hold. */
export const watch = {
  traces: [] as [string, string | undefined][],
  /** Resolves when the consumer has been given an event. */
  heard: deferred(),
  beforeCommit: async (): Promise<void> => undefined,
  reset() {
    this.traces.length = 0;
    this.heard = deferred();
    this.beforeCommit = async () => undefined;
  },
};

@Entity('note')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('note_as_written') })
export class Note {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  noteId!: string;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.content', purpose: 'marketing.communications' })
  text!: string | null;
}

/** Whose notes there are is copied off site. */
const OFFSITE: OffsiteLog = {
  name: 'notes',
  table: 'note',
  addAll: async (tx) => {
    await tx.execute(
      `insert into heed.offsite_due (log, tenant_id, payload)
       select 'notes', tenant_id, convert_to(json_build_object('noteId', note_id, 'contactId', contact_id)::text, 'UTF8')
       from note where tenant_id = $1`,
      [tx.tenantId],
    );
  },
  take: async (get, tenantId, payloads) => {
    const notes = payloads.map(
      (payload) => JSON.parse(payload.toString()) as Pick<Note, 'noteId' | 'contactId'>,
    );
    await get(UnitOfWork).run(tenantId, async (tx) => {
      for (const { noteId, contactId } of notes) {
        await addSubjects(tx, [contactId!]);
        await tx.execute(
          'insert into note (tenant_id, note_id, contact_id) values ($1, $2, $3) on conflict do nothing',
          [tx.tenantId, noteId, contactId],
        );
      }
    });
  },
};

@Injectable()
class RecordOptOut {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly replay: RequestReplay,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  record(caller: Caller, request: contactsV1.RecordOptOutRequest): Promise<contactsV1.RecordOptOutResponse> {
    const bytes = RecordOptOutRequest.encode(request).finish();
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(tx, caller, request.requestId, bytes, RecordOptOutResponse, async () => {
        watch.traces.push(['grpc', currentTraceparent()]);
        await addSubjects(tx, [request.contactId]);
        const note = { noteId: newId(), contactId: request.contactId };
        await tx.manager.insert(Note, { tenantId: tx.tenantId, ...note, text: request.evidence });
        await addOffsite(tx, OFFSITE.name, [Buffer.from(JSON.stringify(note))]);
        const recordedAt = this.clock.now().toISOString();
        const changed = { contactId: request.contactId, entryId: newId(), recordedAt };
        await this.outbox.add(tx, ConsentChanged, contactsV1.ConsentChanged.fromPartial(changed));
        await watch.beforeCommit();
        const effect = contactsV1.OptOutEffect.OPT_OUT_EFFECT_RECORDED;
        return { entry: undefined, effect, effectiveAt: recordedAt };
      }),
    );
  }
}

@Controller()
class RecordOptOutGrpc {
  constructor(private readonly recordOptOut: RecordOptOut) {}

  @GrpcMethod('ConsentService', 'RecordOptOut')
  record(@Payload() request: contactsV1.RecordOptOutRequest, @FromCaller() caller: Caller) {
    return this.recordOptOut.record(caller, request);
  }
}

@Controller('v1')
class SelfHttp {
  @Get('self')
  @AnyMemberRoute()
  self(@FromHttpCaller() caller: Caller) {
    return { tenantId: caller.tenantId };
  }
}

@Module({ controllers: [RecordOptOutGrpc, SelfHttp], providers: [RecordOptOut] })
class ContactsModule {}

/** Stands for contacts: gRPC, HTTP, a table, an event. */
export const notesOfContacts = defineService({
  ...{ name: 'contacts', module: ContactsModule, http: true, entities: [Note], migrations },
  grpc: [contactsV1.ConsentServiceService],
  offsite: [OFFSITE],
});

@Controller('hooks')
class StopHookHttp {
  constructor(private readonly rpc: RpcClients) {}

  @Post('stop')
  @PublicRoute()
  @HttpCode(202)
  async stop(@Body() body: unknown) {
    watch.traces.push(['http', currentTraceparent()]);
    const { tenantId, contactId } = valid(z.object({ tenantId: z.uuid(), contactId: z.uuid() }), body);
    const consent = this.rpc.of(contactsV1.ConsentServiceService, 'contacts');
    const source = contactsV1.ConsentSource.CONSENT_SOURCE_ONE_CLICK;
    await consent.recordOptOut(
      {
        ...{ requestId: newId(), contactId, channel: 0, purpose: '', sender: '', source },
        ...{ evidence: 'STOP', heardFrom: undefined },
      },
      { tenantId },
    );
  }
}

@Module({ controllers: [StopHookHttp] })
class MessagingModule {}

/** Stands for messaging: a webhook that calls contacts. */
export const hooksOfMessaging = defineService({
  ...{ name: 'messaging', module: MessagingModule, http: true, entities: [Note], migrations, grpc: [] },
});

@Injectable()
class KeepNote implements OnModuleInit {
  constructor(private readonly consumers: Consumers) {}

  onModuleInit(): void {
    this.consumers.add({
      event: ConsentChanged,
      group: 'campaigns.keep-note',
      handle: async (tx, events) => {
        for (const { data } of events) {
          watch.traces.push(['inbox', currentTraceparent()]);
          watch.heard.resolve();
          await addSubjects(tx, [data.contactId]);
          const note = { tenantId: tx.tenantId, noteId: newId(), contactId: data.contactId, text: null };
          await tx.manager.insert(Note, note);
        }
      },
    });
  }
}

@Module({ providers: [KeepNote] })
class CampaignsModule {}

/** Stands for campaigns: hears what contacts tells. gRPC only. */
export const listenerOfCampaigns = defineService({
  ...{ name: 'campaigns', module: CampaignsModule, http: false, entities: [Note], migrations, grpc: [] },
});
