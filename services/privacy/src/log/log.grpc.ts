import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { invalidArgument } from '@heed/kernel';
import { ListLogKeys } from './list-log-keys.js';
import { TransparencyLog } from './transparency-log.js';

@Controller()
@privacyV1.LogServiceControllerMethods()
export class LogGrpc implements privacyV1.LogServiceController {
  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: ListLogKeys,
  ) {}

  async getCheckpoint(
    @Payload() _request: privacyV1.GetCheckpointRequest,
  ): Promise<privacyV1.GetCheckpointResponse> {
    const { note } = await this.log.checkpoint();
    return { checkpoint: note, vkey: await this.log.vkey() };
  }

  async getConsistencyProof(
    @Payload() { oldSize, newSize }: privacyV1.GetConsistencyProofRequest,
  ): Promise<privacyV1.GetConsistencyProofResponse> {
    const { size } = await this.log.checkpoint();
    if (newSize > BigInt(size)) throw invalidArgument({ field: 'new_size', reason: 'BEYOND_LOG' });
    if (oldSize > newSize) throw invalidArgument({ field: 'old_size', reason: 'ABOVE_NEW_SIZE' });
    return { proof: await this.log.consistencyProof(Number(oldSize), Number(newSize)) };
  }

  async listLogKeys(
    @Payload() _request: privacyV1.ListLogKeysRequest,
  ): Promise<privacyV1.ListLogKeysResponse> {
    return { keys: await this.keys.list() };
  }
}
