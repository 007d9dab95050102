import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { MessageValuesStore, placeOfValues } from '../dispatch/message-values.store.js';
import { type Claimed } from './in-hand.store.js';

export type ValuesByName = Readonly<Record<string, string>>;

/** What single messages bring along, opened for as long as it takes to make them. */
@Injectable()
export class MessageValues {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly values: MessageValuesStore,
    private readonly sealing: Sealing,
  ) {}

  /** By attempt. Missing for who brought none, and for who was erased: then the message itself cannot be sealed. */
  async open(tenantId: string, attempts: readonly Claimed[]): Promise<Map<string, ValuesByName>> {
    const singles = attempts.filter(({ campaignId, issuer }) => campaignId === '' && issuer === 'contacts');
    if (singles.length === 0) return new Map();
    const kept = await this.uow.run(tenantId, (tx) =>
      this.values.of(
        tx,
        singles.map(({ attemptId }) => attemptId),
      ),
    );
    const opened = await this.sealing.openMany(
      tenantId,
      kept.map(({ attemptId, contactId, sealed }) => {
        return { subjectId: contactId, ...placeOfValues(attemptId), sealed };
      }),
    );
    return new Map(
      kept.flatMap(({ attemptId }, index) => {
        const bytes = opened[index];
        return bytes ? [[attemptId, JSON.parse(bytes.toString('utf8')) as ValuesByName]] : [];
      }),
    );
  }
}
