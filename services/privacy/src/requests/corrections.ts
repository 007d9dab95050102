import { Injectable } from '@nestjs/common';
import { contactsV1, privacyV1, type datarightsV1 } from '@heed/contracts';
import { invalidArgument, isDomainError, newId, type Caller } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { refusal } from '../errors.js';
import { addCorrections, correctionsByHandle } from './corrections.store.js';
import { type Right, type SubjectKind } from './request.js';

/** Whose they are. */
interface Asked {
  requestId: string;
  right: Right;
  subjectId: string;
  kind: SubjectKind;
}

const placeOf = (requestId: string) => ({ table: 'request_correction', row: requestId, column: 'content' });

/**
 * What somebody wants corrected (LAW: GDPR Art. 16). The service that owns the data judges it before anything is kept;
 * services that hold a copy ask for it while the request is open, and nobody afterwards.
 */
@Injectable()
export class Corrections {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    private readonly sealing: Sealing,
  ) {}

  /** In the form in which they will be kept. Contacts own what is held of contacts. */
  async checked(
    { tenantId, actorId: onBehalfOf }: Caller,
    { right, subjectId, kind }: Asked,
    given: readonly datarightsV1.Correction[],
  ): Promise<datarightsV1.Correction[]> {
    if (right !== 'CORRECTION') {
      if (given.length > 0) throw invalidArgument({ field: 'corrections', reason: 'NOT_OF_THIS_RIGHT' });
      return [];
    }
    if (given.length === 0) throw invalidArgument({ field: 'corrections', reason: 'REQUIRED' });
    if (kind === 'member') throw invalidArgument({ field: 'subject_kind', reason: 'NOT_FOR_MEMBERS' });
    const contacts = this.clients.of(contactsV1.ContactsServiceService, 'contacts');
    const asked = given.map((correction) => ({ ...correction, previous: '' }));
    const { corrections } = await contacts.checkCorrections(
      { contactId: subjectId, corrections: asked },
      { tenantId, onBehalfOf },
    );
    return corrections;
  }

  /** Before the transaction that keeps them: keys lie in another database. Nothing is sealed for who was erased. */
  async seal(
    { tenantId }: Caller,
    { requestId, subjectId }: Asked,
    corrections: datarightsV1.Correction[],
  ): Promise<Buffer | undefined> {
    if (corrections.length === 0) return undefined;
    const content = Buffer.from(privacyV1.GetCorrectionsResponse.encode({ corrections }).finish());
    try {
      return await this.sealing.seal(tenantId, subjectId, placeOf(requestId), content);
    } catch (error) {
      if (isDomainError(error, 'SUBJECT_ERASED')) throw refusal('SUBJECT_ERASED');
      throw error;
    }
  }

  /** Returns the handle under which they are asked for: that of the identifiers, where there is one. */
  async keep(
    tx: Tx,
    { requestId, subjectId, kind }: Asked,
    content: Buffer | undefined,
    handle: string | null,
  ): Promise<string | null> {
    if (content === undefined) return handle;
    const living = await admitSubjects(tx, [subjectId], kind);
    if (!living.has(subjectId)) throw refusal('SUBJECT_ERASED');
    await addCorrections(tx, { requestId, subjectId, content });
    return handle ?? newId();
  }

  /** Of an open request; afterwards they are gone. */
  async byHandle(
    tenantId: string,
    handle: string,
  ): Promise<{ subjectId: string; corrections: datarightsV1.Correction[] }> {
    return this.uow.run(tenantId, async (tx) => {
      const kept = await correctionsByHandle(tx, handle);
      if (!kept) throw refusal('HANDLE_NOT_FOUND');
      const { requestId, subjectId, content } = kept;
      const [opened] = await this.sealing.openMany(tx, [
        { subjectId, sealed: content, ...placeOf(requestId) },
      ]);
      if (!opened) throw refusal('HANDLE_NOT_FOUND');
      const { corrections } = privacyV1.GetCorrectionsResponse.decode(opened);
      return { subjectId, corrections };
    });
  }
}
