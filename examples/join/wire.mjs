// gRPC and protobuf from the published files alone: proto/heed/privacy/v1/participants_service.proto and what it imports.
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const PROTO = fileURLToPath(new URL('../../proto/', import.meta.url));
/** google/protobuf/descriptor.proto comes with the library. */
const GOOGLE = fileURLToPath(new URL('.', import.meta.resolve('protobufjs/package.json')));

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => (target.startsWith('google/') ? GOOGLE : PROTO) + target;
root.loadSync('heed/privacy/v1/participants_service.proto', { keepCase: true });

const service = root.lookupService('heed.privacy.v1.ParticipantsService');
const OrderBatch = root.lookupType('heed.datarights.v1.OrderBatch');

/** Ids and enums as text, 64-bit numbers as numbers, bytes as Buffers, nothing left out. */
const PLAIN = { longs: Number, enums: String, bytes: Buffer, defaults: true };

export function decodeBatch(bytes) {
  return OrderBatch.toObject(OrderBatch.decode(bytes), PLAIN);
}

/** The calls of a participant. Each makes its own token: it is good for a minute only. */
export class Privacy {
  constructor(target, tokenFor) {
    this.client = new grpc.Client(target, grpc.credentials.createInsecure());
    this.tokenFor = tokenFor;
  }

  registerManifest(manifest, signature, keyId) {
    return this.call('RegisterManifest', undefined, { manifest, signature, key_id: keyId });
  }

  submitReceipt(tenantId, receipt, openings) {
    return this.call('SubmitReceipt', tenantId, { receipt, openings });
  }

  getSubjectIdentifiers(tenantId, handle) {
    return this.call('GetSubjectIdentifiers', tenantId, { handle });
  }

  getSubjectCorrections(tenantId, handle) {
    return this.call('GetSubjectCorrections', tenantId, { handle });
  }

  changeKey(change, signature, newSignature) {
    return this.call('ChangeParticipantKey', undefined, { change, signature, new_signature: newSignature });
  }

  retire(retirement, signature, keyId) {
    return this.call('RetireParticipant', undefined, { retirement, signature, key_id: keyId });
  }

  /** Batches, one at a time, until the server ends the stream or `cancel` is called. */
  pullOrders(after) {
    const { path, encode, decode } = methodOf('PullOrders');
    const stream = this.client.makeServerStreamRequest(path, encode, decode, { after }, this.metadata());
    return { stream, cancel: () => stream.cancel() };
  }

  close() {
    this.client.close();
  }

  call(name, tenantId, request) {
    const { path, encode, decode } = methodOf(name);
    return new Promise((resolve, reject) => {
      const deadline = new Date(Date.now() + 30_000);
      this.client.makeUnaryRequest(
        ...[path, encode, decode, request, this.metadata(tenantId), { deadline }],
        (error, answer) => (error ? reject(error) : resolve(answer)),
      );
    });
  }

  metadata(tenantId) {
    const metadata = new grpc.Metadata();
    metadata.set('authorization', `Bearer ${this.tokenFor(tenantId)}`);
    return metadata;
  }
}

/** The reason of a refusal (google.rpc.ErrorInfo in the details), or the name of the status. */
export function reasonOf(error) {
  const details = error.metadata?.get('grpc-status-details-bin')[0];
  const reason = details && /[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+/.exec(details.toString('latin1'))?.[0];
  return reason ?? grpc.status[error.code] ?? String(error.message);
}

/** True where the call was refused for what it says: the same again would be refused again. */
export function isRefused(error) {
  const { INVALID_ARGUMENT, FAILED_PRECONDITION, NOT_FOUND } = grpc.status;
  return [INVALID_ARGUMENT, FAILED_PRECONDITION, NOT_FOUND].includes(error.code);
}

function methodOf(name) {
  const method = service.methods[name].resolve();
  const { resolvedRequestType: Request, resolvedResponseType: Response } = method;
  return {
    path: `/heed.privacy.v1.ParticipantsService/${name}`,
    encode: (request) => Buffer.from(Request.encode(Request.fromObject(request)).finish()),
    decode: (bytes) => Response.toObject(Response.decode(bytes), PLAIN),
  };
}
