import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller } from '@heed/rpc';
import { rulesMessage } from './contact-rules-message.js';
import { contactRules } from './contact-rules.store.js';
import { UpdateContactRules } from './update-contact-rules.js';

@Controller()
@contactsV1.ContactRulesServiceControllerMethods()
export class ContactRulesGrpc implements contactsV1.ContactRulesServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly updating: UpdateContactRules,
  ) {}

  async getContactRules(
    @Payload() _request: contactsV1.GetContactRulesRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.GetContactRulesResponse> {
    const rules = await this.uow.run(caller.tenantId, (tx) => contactRules(tx));
    return { contactRules: rulesMessage(rules) };
  }

  async updateContactRules(
    @Payload() request: contactsV1.UpdateContactRulesRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.UpdateContactRulesResponse> {
    return { contactRules: await this.updating.update(caller, request) };
  }
}
