import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { AuditTrail } from '../audit/audit-trail.js';
import { refusal } from '../errors.js';
import { CreateSignUpForm } from './create-sign-up-form.js';
import { changedForm, type SignUpForm } from './sign-up-form.js';
import { formById, formForUpdate, formPage, saveForm } from './sign-up-form.store.js';
import { SignUpLinks } from './sign-up-links.js';

@Controller()
@contactsV1.SignUpFormsServiceControllerMethods()
export class SignUpFormsGrpc implements contactsV1.SignUpFormsServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly creating: CreateSignUpForm,
    private readonly links: SignUpLinks,
    private readonly audit: AuditTrail,
  ) {}

  createSignUpForm(
    @Payload() request: contactsV1.CreateSignUpFormRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.CreateSignUpFormResponse> {
    return this.creating.create(caller, request);
  }

  async getSignUpForm(
    @Payload() { signUpFormId }: contactsV1.GetSignUpFormRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<contactsV1.GetSignUpFormResponse> {
    const form = await this.uow.run(tenantId, (tx) => formById(tx, signUpFormId));
    if (!form) throw refusal('SIGN_UP_FORM_NOT_FOUND');
    return { signUpForm: this.links.formMessage(tenantId, form) };
  }

  async listSignUpForms(
    @Payload() request: contactsV1.ListSignUpFormsRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<contactsV1.ListSignUpFormsResponse> {
    const { rows, nextPageToken } = await this.uow.run(tenantId, (tx) =>
      readPage(request, { of: (form: SignUpForm) => form.signUpFormId }, (after, limit) =>
        formPage(tx, after, limit),
      ),
    );
    return { signUpForms: rows.map((form) => this.links.formMessage(tenantId, form)), nextPageToken };
  }

  async updateSignUpForm(
    @Payload() request: contactsV1.UpdateSignUpFormRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.UpdateSignUpFormResponse> {
    const { tenantId } = caller;
    return this.uow.run(tenantId, async (tx) => {
      const form = await formForUpdate(tx, request.signUpFormId);
      if (!form) throw refusal('SIGN_UP_FORM_NOT_FOUND');
      const changed = changedForm(form, request);
      await saveForm(tx, changed);
      const [before, after] = [form, changed].map((each) => this.links.formMessage(tenantId, each));
      await this.audit.tellChange(tx, caller, {
        aboutId: form.signUpFormId,
        before: contactsV1.SignUpForm.toJSON(before!) as object,
        after: contactsV1.SignUpForm.toJSON(after!) as object,
      });
      return { signUpForm: after! };
    });
  }
}
