import {
  Metadata,
  Server,
  ServerCredentials,
  status as Status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { privacyV1, type datarightsV1 } from '@heed/contracts';
import {
  isManifestSignedBy,
  isReceiptSignedBy,
  openingFromWire,
  readJoinedManifest,
  receiptFromWire,
  type Opening,
  type Receipt,
} from '@heed/data-rights';
import { type Manifest } from '@heed/data-map';
import { DomainError, SigningKey, type Clock } from '@heed/kernel';
import { ServiceKeys, ServiceTokens, toStatus } from '@heed/rpc';

/** What a participant has sent for a batch. */
export interface Submitted {
  batchId: string;
  tenantId: string;
  receipt: Receipt;
  openings: Opening[];
  /** False where it is not signed with the participant's key. */
  isSigned: boolean;
}

type Pull = ServerWritableStream<privacyV1.PullOrdersRequest, privacyV1.PullOrdersResponse>;
type Unary<Request, Response> = [ServerUnaryCall<Request, Response>, sendUnaryData<Response>];

/**
 * Serves a participant what privacy serves it, from memory, and remembers all that it does. What it hands out is what a
 * check tells it to, however wrong that may be.
 */
export class Office {
  /** By this key, and no other, orders are to be obeyed. */
  readonly ordersKey = SigningKey.generate();
  readonly submitted: Submitted[] = [];
  /** The positions after which it has pulled. */
  readonly pulls: number[] = [];
  /** Addresses by handle, and which were asked for. */
  readonly addresses = new Map<string, string>();
  readonly identified = new Set<string>();
  /** What should be corrected, by handle; and which were asked for. */
  readonly corrections = new Map<string, datarightsV1.Correction[]>();
  readonly told = new Set<string>();
  manifest: Manifest | undefined;
  /** Why its manifest could not be taken. */
  manifestFault = '';
  tokenFault = '';
  /** As many receipts as this are not taken: as if the connection had broken before they were. */
  losing = 0;
  /** A position that is left out on the way. */
  dropped: number | undefined;
  private readonly handed: privacyV1.PullOrdersResponse[] = [];
  private readonly streams = new Set<Pull>();
  private readonly server = new Server();
  private readonly tokens: ServiceTokens;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly name: string,
    private readonly publicKey: Buffer,
    clock: Clock,
  ) {
    const keys = new ServiceKeys(async () => [{ service: name, publicKey }], clock);
    this.tokens = new ServiceTokens('privacy', keys, clock);
    this.server.addService(privacyV1.ParticipantsServiceService, {
      ...{ enrolParticipant: refuse, listParticipants: refuse, retireParticipant: refuse },
      ...{ retireLostParticipant: refuse, changeParticipantKey: refuse, replaceParticipantKey: refuse },
      registerManifest: (
        ...call: Unary<privacyV1.RegisterManifestRequest, privacyV1.RegisterManifestResponse>
      ) => void this.answer(call, ({ request }) => this.register(request)),
      submitReceipt: (...call: Unary<privacyV1.SubmitReceiptRequest, privacyV1.SubmitReceiptResponse>) =>
        void this.answer(call, ({ request }, tenantId) => this.take(request, tenantId)),
      getSubjectIdentifiers: (
        ...call: Unary<privacyV1.GetSubjectIdentifiersRequest, privacyV1.GetSubjectIdentifiersResponse>
      ) => void this.answer(call, ({ request }) => this.identify(request.handle)),
      getSubjectCorrections: (
        ...call: Unary<privacyV1.GetSubjectCorrectionsRequest, privacyV1.GetSubjectCorrectionsResponse>
      ) => void this.answer(call, ({ request }) => this.tell(request.handle)),
      pullOrders: (call: Pull) => void this.pull(call),
    });
  }

  listen(address: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  close(): void {
    this.server.forceShutdown();
  }

  /** The position of what was handed out last. */
  get last(): number {
    return this.handed.length;
  }

  hand(tenantId: string, orders: datarightsV1.OrdersIssued): number {
    const delivery = { position: BigInt(this.handed.length + 1), tenantId, orders };
    this.handed.push(delivery);
    for (const stream of this.streams) this.write(stream, delivery);
    return this.handed.length;
  }

  /** Cuts every connection that pulls. */
  cut(): void {
    for (const stream of this.streams) stream.emit('error', unavailable());
    this.streams.clear();
  }

  /** Resolves when it is so; false once it has taken too long. Looked at whenever the participant has done something. */
  async until(isSo: () => boolean, patienceMs: number): Promise<boolean> {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      this.wake();
    }, patienceMs);
    try {
      while (!isSo() && !over) await new Promise<void>((wake) => this.waiting.push(wake));
      return isSo();
    } finally {
      clearTimeout(timer);
    }
  }

  private wake(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  private async answer<Request, Response>(
    [call, done]: Unary<Request, Response>,
    work: (call: ServerUnaryCall<Request, Response>, tenantId: string) => Response,
  ): Promise<void> {
    try {
      const tenantId = await this.tenantOf(call.metadata);
      done(null, work(call, tenantId));
    } catch (error) {
      done(error as Error);
    } finally {
      this.wake();
    }
  }

  private async pull(call: Pull): Promise<void> {
    try {
      await this.tenantOf(call.metadata);
    } catch (error) {
      call.emit('error', error);
      return;
    }
    const after = Number(call.request.after);
    this.pulls.push(after);
    this.streams.add(call);
    call.on('cancelled', () => this.streams.delete(call));
    for (const delivery of this.handed.slice(after)) this.write(call, delivery);
    this.wake();
  }

  private write(stream: Pull, delivery: privacyV1.PullOrdersResponse): void {
    if (Number(delivery.position) !== this.dropped) stream.write(delivery);
  }

  private async tenantOf(metadata: Metadata): Promise<string> {
    const [, token = ''] = /^Bearer (\S+)$/.exec(String(metadata.get('authorization')[0] ?? '')) ?? [];
    try {
      return (await this.tokens.verify(token, this.name)).tenantId;
    } catch {
      this.tokenFault = 'its token is not one of docs/join.md, or is not signed with the key that was given';
      throw failure(Status.UNAUTHENTICATED, 'TOKEN_INVALID');
    }
  }

  private register({
    manifest,
    signature,
  }: privacyV1.RegisterManifestRequest): privacyV1.RegisterManifestResponse {
    const read = readJoinedManifest(manifest, this.name);
    if ('wrong' in read) this.manifestFault = `the manifest is malformed: ${read.wrong}`;
    else if (!isManifestSignedBy(manifest, signature, this.publicKey))
      this.manifestFault = 'the manifest is not signed with the key that was given';
    else {
      this.manifestFault = '';
      this.manifest = read;
      return { version: read.version, stores: read.stores.map(({ name }) => `${this.name}.${name}`) };
    }
    throw failure(Status.FAILED_PRECONDITION, this.manifestFault);
  }

  private take(
    { receipt: wire, openings }: privacyV1.SubmitReceiptRequest,
    tenantId: string,
  ): privacyV1.SubmitReceiptResponse {
    if (!wire) throw failure(Status.INVALID_ARGUMENT, 'a receipt is missing');
    const receipt = receiptFromWire(wire);
    this.submitted.push({
      ...{ batchId: receipt.batchId, tenantId, receipt, openings: openings.map(openingFromWire) },
      isSigned: receipt.service === this.name && isReceiptSignedBy(receipt, this.publicKey),
    });
    if (this.losing > 0) {
      this.losing -= 1;
      throw unavailable();
    }
    return { leafIndex: BigInt(this.submitted.length) };
  }

  private identify(handle: string): privacyV1.GetSubjectIdentifiersResponse {
    const email = this.addresses.get(handle);
    if (email === undefined) throw handleNotFound();
    this.identified.add(handle);
    return { emails: [email], phones: [] };
  }

  private tell(handle: string): privacyV1.GetSubjectCorrectionsResponse {
    const corrections = this.corrections.get(handle);
    if (!corrections) throw handleNotFound();
    this.told.add(handle);
    return { corrections };
  }
}

function refuse(...[, done]: Unary<unknown, never>): void {
  done(failure(Status.PERMISSION_DENIED, 'PARTICIPANT_NOT_ALLOWED'));
}

/** With its reason in the details, as privacy answers. */
function handleNotFound() {
  const error = new DomainError('HANDLE_NOT_FOUND', 'not-found', {
    message: 'no open request has this handle',
  });
  return Object.assign(error, toStatus(error, undefined));
}

function unavailable() {
  return failure(Status.UNAVAILABLE, 'the connection has broken');
}

function failure(code: Status, details: string) {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}
