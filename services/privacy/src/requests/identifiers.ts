import { Injectable } from '@nestjs/common';
import { type Identifier } from '@heed/data-rights';
import { newId } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { refusal } from '../errors.js';
import { type SealedNeedle } from '../sweeps/needle.store.js';
import { Needles } from '../sweeps/needles.js';
import { addIdentifiers, identifiersByHandles, type SealedIdentifier } from './identifiers.store.js';
import { type Right, type SubjectKind } from './request.js';

export type Given = Identifier;

/** Whose they are, and what they are asked for with. */
interface Asked {
  requestId: string;
  right: Right;
  subjectId: string;
  kind: SubjectKind;
}

export interface SealedIdentifiers {
  /** Under the person's own key. */
  theirs: SealedIdentifier[];
  /** Of whoever is to be erased: they are searched for when their own key is gone. */
  needles: SealedNeedle[];
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
    private readonly needles: Needles,
  ) {}

  /** Before the transaction that keeps them: keys lie in another database. Nobody is sealed for who was erased. */
  async seal(
    tenantId: string,
    { right, subjectId }: Asked,
    given: readonly Given[],
  ): Promise<SealedIdentifiers> {
    if (right === 'ERASURE') return { theirs: [], needles: await this.needles.seal(tenantId, given) };
    const items = given.map(({ channel, address }) => {
      const identifierId = newId();
      return { channel, identifierId, subjectId, plaintext: Buffer.from(address), ...placeOf(identifierId) };
    });
    const sealed = await this.sealing.sealMany(tenantId, items);
    const theirs = items.flatMap(({ identifierId, channel }, at) => {
      const address = sealed[at];
      return address ? [{ identifierId, subjectId, channel, address }] : [];
    });
    return { theirs, needles: [] };
  }

  /** Returns the handle under which they are asked for; none where there is nothing to ask for. */
  async keep(
    tx: Tx,
    { requestId, subjectId, kind }: Asked,
    { theirs, needles }: SealedIdentifiers,
  ): Promise<string | null> {
    if (theirs.length === 0) return this.needles.keep(tx, requestId, needles);
    const living = await admitSubjects(tx, [subjectId], kind);
    if (!living.has(subjectId)) return null;
    const handle = newId();
    await addIdentifiers(tx, requestId, handle, theirs);
    return handle;
  }

  async byHandle(tenantId: string, handle: string): Promise<Given[]> {
    const found = (await this.byHandles(tenantId, [handle])).get(handle);
    if (!found) throw refusal('HANDLE_NOT_FOUND');
    return found;
  }

  /** Of open requests: those that have ended are not among them. */
  async byHandles(tenantId: string, handles: readonly string[]): Promise<Map<string, Given[]>> {
    const needles = await this.needles.byHandles(tenantId, handles);
    const others = handles.filter((handle) => !needles.has(handle));
    return others.length === 0 ? needles : new Map([...needles, ...(await this.theirs(tenantId, others))]);
  }

  private theirs(tenantId: string, handles: readonly string[]): Promise<Map<string, Given[]>> {
    return this.uow.run(tenantId, async (tx) => {
      const found = await identifiersByHandles(tx, handles);
      const opened = await this.sealing.openMany(
        tx,
        found.map(({ identifierId, subjectId, address }) => ({
          subjectId,
          sealed: address,
          ...placeOf(identifierId),
        })),
      );
      const given = found.map(({ handle, channel }, at) => ({
        ...{ handle, channel, address: opened[at]?.toString('utf8') },
      }));
      return new Map(
        [...Map.groupBy(given, ({ handle }) => handle)].map(([handle, theirs]) => [
          handle,
          theirs.flatMap(({ channel, address }) => (address === undefined ? [] : [{ channel, address }])),
        ]),
      );
    });
  }
}
