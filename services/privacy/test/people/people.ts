import { Controller, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { contactsV1, typesV1 } from '@heed/contracts';
import { asItWas, declareStore, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { SpecialCases } from '@heed/data-rights';
import { type Caller, DomainError } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller } from '@heed/rpc';
import { defineService } from '@heed/service';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const migrations = new URL('./migrations/', import.meta.url);

@Entity('person')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: 'correct' })
class Person {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') contactId!: string;
  @Column('text')
  @Personal({ category: 'user.contact.email', purpose: 'marketing.communications.email' })
  email!: string;
}

@Entity('diary')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('diary_as_kept') })
class Diary {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') @NotPersonal() pageId!: string;
  @Column('uuid') contactId!: string;
  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.content.private', purpose: 'essential.service', sealed: true })
  body!: Buffer;
}

/** What the specs watch, and what they let fail. */
export const watch = {
  stopped: [] as string[],
  restricted: [] as string[],
  /** Requests whose stops were lifted. */
  lifted: [] as string[],
  lifting: async (): Promise<void> => undefined,
  stopping: async (): Promise<void> => undefined,
};

@Controller()
class FindAndStop {
  constructor(private readonly uow: UnitOfWork) {}

  @GrpcMethod('ContactsService', 'FindSubjects')
  async findSubjects(@Payload() { emails }: contactsV1.FindSubjectsRequest, @FromCaller() caller: Caller) {
    const found = await this.uow.run(caller.tenantId, (tx) =>
      tx.query<{ id: string }>(
        'select contact_id as id from person where tenant_id = $1 and email = any ($2)',
        [tx.tenantId, emails],
      ),
    );
    return { contactIds: found.map(({ id }) => id) };
  }

  @GrpcMethod('ContactsService', 'CheckCorrections')
  async checkCorrections(
    @Payload() { contactId, corrections }: contactsV1.CheckCorrectionsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.CheckCorrectionsResponse> {
    const [known] = await this.uow.run(caller.tenantId, (tx) =>
      tx.query<{ email: string }>('select email from person where tenant_id = $1 and contact_id = $2', [
        ...[tx.tenantId, contactId],
      ]),
    );
    if (!known) throw new DomainError('CONTACT_NOT_FOUND', 'not-found');
    return { corrections: corrections.map((correction) => ({ ...correction, previous: known.email })) };
  }

  @GrpcMethod('PermitsService', 'StopPermits')
  async stopPermits(
    @Payload() { contactIds, restricts }: contactsV1.StopPermitsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.StopPermitsResponse> {
    await watch.stopping();
    (restricts ? watch.restricted : watch.stopped).push(...contactIds);
    const known = await this.uow.run(caller.tenantId, (tx) =>
      tx.query<{ contactId: string; address: string }>(
        `select contact_id as "contactId", email as address from person
         where tenant_id = $1 and contact_id = any ($2::uuid[])`,
        [tx.tenantId, contactIds],
      ),
    );
    return {
      ...{ stoppedAt: '2026-11-24T10:00:00.000Z', known: contactIds.length },
      addresses: known.map((one) => ({ ...one, channel: typesV1.Channel.CHANNEL_EMAIL })),
    };
  }

  @GrpcMethod('PermitsService', 'LiftStops')
  async liftStops(
    @Payload() { requestIds }: contactsV1.LiftStopsRequest,
  ): Promise<contactsV1.LiftStopsResponse> {
    watch.lifted.push(...requestIds);
    await watch.lifting();
    return { lifted: requestIds.length };
  }
}

@Injectable()
class FindByEmail implements OnModuleInit {
  constructor(private readonly special: SpecialCases) {}

  onModuleInit(): void {
    this.special.addSearch({
      ...{ store: 'person', by: 't.email' },
      forms: async (_tenantId, people) => people.map((given) => given.map(({ address }) => address)),
    });
  }
}

@Module({ controllers: [FindAndStop], providers: [FindByEmail] })
class PeopleModule {}

/** Stands for contacts: who is known, whose permits are stopped, and two tables. */
export const people = defineService({
  ...{ name: 'contacts', module: PeopleModule, http: false, entities: [Person, Diary], migrations },
  grpc: [contactsV1.ContactsServiceService, contactsV1.PermitsServiceService],
});

@Module({})
class NothingModule {}

/** Stands for a service whose answer a spec waits for, or lets fail to come. */
export const silent = defineService({
  ...{
    name: 'telephony',
    module: NothingModule,
    http: false,
    entities: [Person, Diary],
    migrations,
    grpc: [],
  },
  stores: [
    declareStore({ kind: 'copy', name: 'backups', description: 'base backups', expiresAfterDays: 35 }),
  ],
});

@Injectable()
class CountCalls {
  constructor(special: SpecialCases) {
    special.countHandedOver(async (tx, subjectIds) => {
      const rows = await tx.query<{ id: string; count: number }>(
        `select contact_id as id, count(*)::int as count from person
         where tenant_id = $1 and contact_id = any ($2::uuid[]) group by contact_id`,
        [tx.tenantId, subjectIds],
      );
      return new Map(rows.map(({ id, count }) => [id, count]));
    });
  }
}

@Module({ providers: [CountCalls] })
class WiredModule {}

/** Stands for telephony: whoever has a row was called, by a carrier of somebody else. */
export const wired = defineService({
  ...{ name: 'telephony', module: WiredModule, http: false, entities: [Person, Diary], migrations, grpc: [] },
});

export function unavailable(): DomainError {
  return new DomainError('CONTACTS_ASLEEP', 'unavailable');
}
