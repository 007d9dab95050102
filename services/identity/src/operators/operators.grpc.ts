import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { identityV1 } from '@heed/contracts';
import { BootstrapOperator } from './bootstrap-operator.js';

@Controller()
@identityV1.OperatorsServiceControllerMethods()
export class OperatorsGrpc implements identityV1.OperatorsServiceController {
  constructor(private readonly bootstrapping: BootstrapOperator) {}

  async bootstrapOperator(
    @Payload() request: identityV1.BootstrapOperatorRequest,
  ): Promise<identityV1.BootstrapOperatorResponse> {
    const { bootstrapSecret, email, password } = request;
    return { operatorId: await this.bootstrapping.bootstrap(bootstrapSecret, email, password) };
  }
}
