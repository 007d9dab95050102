import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { invalidArgument, type Caller } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { BeginNewOrigin } from './begin-new-origin.js';
import { ListLogKeys } from './list-log-keys.js';
import { RevokeKey } from './revoke-key.js';
import { TransparencyLog } from './transparency-log.js';
import { cosignatures } from './witness.store.js';

@Controller()
@privacyV1.LogServiceControllerMethods()
export class LogGrpc implements privacyV1.LogServiceController {
  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: ListLogKeys,
    private readonly beginning: BeginNewOrigin,
    private readonly revoking: RevokeKey,
  ) {}

  async getCheckpoint(
    @Payload() _request: privacyV1.GetCheckpointRequest,
  ): Promise<privacyV1.GetCheckpointResponse> {
    const { note, origin } = await this.log.checkpoint();
    const cosigned = await this.log.reading((tx) => cosignatures(tx, origin));
    return {
      ...{ checkpoint: note, vkey: await this.log.vkey(), forked: origin.forkedNote ?? '' },
      witnesses: cosigned.map(({ service, size, vkey, line, at, note: signed }) => ({
        ...{ service, vkey, size: BigInt(size), checkpoint: `${signed}${line}`, at: at.toISOString() },
      })),
    };
  }

  async getConsistencyProof(
    @Payload() { oldSize, newSize }: privacyV1.GetConsistencyProofRequest,
  ): Promise<privacyV1.GetConsistencyProofResponse> {
    const { size, tree } = await this.log.checkpoint();
    if (newSize > BigInt(size)) throw invalidArgument({ field: 'new_size', reason: 'BEYOND_LOG' });
    if (oldSize > newSize) throw invalidArgument({ field: 'old_size', reason: 'ABOVE_NEW_SIZE' });
    return { proof: tree.consistencyProof(Number(oldSize), Number(newSize)) };
  }

  async listLogKeys(
    @Payload() _request: privacyV1.ListLogKeysRequest,
  ): Promise<privacyV1.ListLogKeysResponse> {
    return { keys: await this.keys.list() };
  }

  beginNewOrigin(
    @Payload() request: privacyV1.BeginNewOriginRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.BeginNewOriginResponse> {
    return this.beginning.begin(caller, request);
  }

  async revokeServiceKey(
    @Payload() request: privacyV1.RevokeServiceKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RevokeServiceKeyResponse> {
    return { leafIndex: BigInt(await this.revoking.revoke(caller, request)) };
  }
}
