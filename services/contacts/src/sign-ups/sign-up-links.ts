import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { SETTINGS } from '@heed/config';
import { isUuid } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { tenantHasPeople } from '../contacts/contact.store.js';
import { refusal } from '../errors.js';
import { type ContactsSettings } from '../settings.js';
import { type SignUpForm } from './sign-up-form.js';
import { encodeSignUp, readSignUpToken, SEAL_BYTES, signUpToken, type SignUpLink } from './sign-up-token.js';

const PURPOSE = 'sign_up_link';

/** Addresses of forms, and the links by which sign-ups are confirmed. */
@Injectable()
export class SignUpLinks {
  private readonly base: string;

  constructor(
    private readonly sealing: Sealing,
    private readonly uow: UnitOfWork,
    @Inject(SETTINGS) settings: Pick<ContactsSettings, 'HEED_PUBLIC_URL'>,
  ) {
    this.base = settings.HEED_PUBLIC_URL.replace(/\/+$/, '');
  }

  /** Origin of the pages of Heed itself. */
  get ownOrigin(): string {
    return new URL(this.base).origin;
  }

  formMessage(tenantId: string, form: SignUpForm): contactsV1.SignUpForm {
    const { createdAt, ...said } = form;
    return {
      ...said,
      url: `${this.base}/f/${tenantId}/${form.signUpFormId}`,
      createdAt: createdAt.toISOString(),
    };
  }

  /** Links, in order. */
  async mint(links: readonly SignUpLink[]): Promise<string[]> {
    const said = links.map(encodeSignUp);
    const [tenantId] = links.map((link) => link.tenantId);
    if (tenantId === undefined) return [];
    const seals = await this.sealing.keyedHashes(
      tenantId,
      PURPOSE,
      said.map((bytes) => bytes.toString('base64')),
    );
    return said.map((bytes, index) => `${this.base}/s/${signUpToken(bytes, seals[index]!)}`);
  }

  /** What the token says, if it is one of ours and its time is not over. */
  async verify(token: string, at: Date): Promise<SignUpLink> {
    const read = readSignUpToken(token);
    if (!read || !isUuid(read.link.tenantId) || !(await this.isSealed(read))) throw refusal('LINK_INVALID');
    if (read.link.expiresAt <= at) throw refusal('SIGN_UP_OVER');
    return read.link;
  }

  private async isSealed({
    link: { tenantId },
    said,
    seal,
  }: NonNullable<ReturnType<typeof readSignUpToken>>): Promise<boolean> {
    // A key is made for a tenant that has none: a stranger's made-up tenants must not become keys.
    if (!(await this.uow.run(tenantId, tenantHasPeople))) return false;
    const seals = await this.sealing.hashes.candidates(tenantId, PURPOSE, said.toString('base64'), 1);
    return seals.some((candidate) => timingSafeEqual(candidate.subarray(0, SEAL_BYTES), seal));
  }
}
