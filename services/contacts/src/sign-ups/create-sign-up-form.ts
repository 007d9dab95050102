import { Inject, Injectable } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { AuditTrail } from '../audit/audit-trail.js';
import { refusal } from '../errors.js';
import { existingLists } from '../lists/list.store.js';
import { formIn } from './sign-up-form.js';
import { insertForm } from './sign-up-form.store.js';
import { SignUpLinks } from './sign-up-links.js';

@Injectable()
export class CreateSignUpForm {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly links: SignUpLinks,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  create(
    caller: Caller,
    request: contactsV1.CreateSignUpFormRequest,
  ): Promise<contactsV1.CreateSignUpFormResponse> {
    const form = formIn(request, { signUpFormId: newId(), createdAt: this.clock.now() });
    const content = contactsV1.CreateSignUpFormRequest.encode(request).finish();
    const { tenantId } = caller;
    return this.uow.run(tenantId, (tx) =>
      this.replay.once(
        tx,
        caller,
        request.requestId,
        content,
        contactsV1.CreateSignUpFormResponse,
        async () => {
          if (!(await existingLists(tx, [form.listId])).has(form.listId)) throw refusal('LIST_NOT_FOUND');
          await insertForm(tx, form);
          const signUpForm = this.links.formMessage(tenantId, form);
          await this.audit.tellChange(tx, caller, {
            ...{ aboutId: form.signUpFormId, before: undefined },
            after: contactsV1.SignUpForm.toJSON(signUpForm) as object,
          });
          return { signUpForm };
        },
      ),
    );
  }
}
