import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { AddSuppressions } from './add-suppressions.js';
import { RotateKey } from './rotate-key.js';
import { type Rotation, type RotationState } from './rotation.js';

const { SuppressionRotationState: State } = contactsV1;

const STATES: Record<RotationState, contactsV1.SuppressionRotationState> = {
  announced: State.SUPPRESSION_ROTATION_STATE_ANNOUNCED,
  forming: State.SUPPRESSION_ROTATION_STATE_FORMING,
  opened: State.SUPPRESSION_ROTATION_STATE_OPENED,
  lifting: State.SUPPRESSION_ROTATION_STATE_LIFTING,
  done: State.SUPPRESSION_ROTATION_STATE_DONE,
};

@Controller()
@contactsV1.SuppressionServiceControllerMethods()
export class SuppressionGrpc implements contactsV1.SuppressionServiceController {
  constructor(
    private readonly adding: AddSuppressions,
    private readonly rotating: RotateKey,
  ) {}

  addSuppressions(
    @Payload() request: contactsV1.AddSuppressionsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.AddSuppressionsResponse> {
    return this.adding.add(caller, request);
  }

  async rotateSuppressionKey(
    @Payload() _request: contactsV1.RotateSuppressionKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.RotateSuppressionKeyResponse> {
    return { rotation: rotationMessage(await this.rotating.begin(caller)) };
  }

  async getSuppressionRotation(
    @Payload() _request: contactsV1.GetSuppressionRotationRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<contactsV1.GetSuppressionRotationResponse> {
    return { rotation: rotationMessage(await this.rotating.get(tenantId)) };
  }
}

function rotationMessage(rotation: Rotation): contactsV1.SuppressionRotation {
  const { keyVersion, state, formed, lifted, begunAt, endedAt } = rotation;
  return {
    ...{ keyVersion, state: STATES[state], formed: BigInt(formed), lifted: BigInt(lifted) },
    ...{ begunAt: begunAt.toISOString(), endedAt: endedAt?.toISOString() ?? '' },
  };
}
