import { Injectable } from '@nestjs/common';
import { newId } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { refusal } from '../errors.js';
import { addIdentifiers, identifiersByHandle, type SealedIdentifier } from './identifiers.store.js';
import { type SubjectKind } from './request.js';

export interface Given {
  channel: 'email' | 'voice';
  address: string;
}

const placeOf = (identifierId: string) => ({
  table: 'request_identifier',
  row: identifierId,
  column: 'address',
});

/** What a person gave to be found by. Stores that must search by address ask for it while the request is open. */
@Injectable()
export class Identifiers {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
  ) {}

  /** Before the transaction that keeps them: keys lie in another database. Nobody is sealed for who was erased. */
  async seal(tenantId: string, subjectId: string, given: readonly Given[]): Promise<SealedIdentifier[]> {
    const items = given.map(({ channel, address }) => {
      const identifierId = newId();
      return { channel, identifierId, subjectId, plaintext: Buffer.from(address), ...placeOf(identifierId) };
    });
    const sealed = await this.sealing.sealMany(tenantId, items);
    return items.flatMap(({ identifierId, channel }, at) => {
      const address = sealed[at];
      return address ? [{ identifierId, subjectId, channel, address }] : [];
    });
  }

  /** Returns the handle under which they are asked for; none where there is nothing to ask for. */
  async keep(
    tx: Tx,
    requestId: string,
    subject: { subjectId: string; kind: SubjectKind },
    identifiers: readonly SealedIdentifier[],
  ): Promise<string | null> {
    if (identifiers.length === 0) return null;
    const living = await admitSubjects(tx, [subject.subjectId], subject.kind);
    if (!living.has(subject.subjectId)) return null;
    const handle = newId();
    await addIdentifiers(tx, requestId, handle, identifiers);
    return handle;
  }

  async byHandle(tenantId: string, handle: string): Promise<Given[]> {
    return this.uow.run(tenantId, async (tx) => {
      const found = await identifiersByHandle(tx, handle);
      if (found.length === 0) throw refusal('HANDLE_NOT_FOUND');
      const opened = await this.sealing.openMany(
        tx,
        found.map(({ identifierId, subjectId, address }) => ({
          subjectId,
          sealed: address,
          ...placeOf(identifierId),
        })),
      );
      return found.flatMap(({ channel }, at) => {
        const address = opened[at];
        return address ? [{ channel, address: address.toString('utf8') }] : [];
      });
    });
  }
}
