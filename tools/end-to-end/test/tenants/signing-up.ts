import { contactsV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import PostalMime from 'postal-mime';
import { type SixServices, type Tenant } from '../world/six-services.js';
import { type Things } from './things.js';

/** A form, which a stranger fills in, and the link of the mail that they are asked by. */
export async function signingUp(
  { mail, cluster }: SixServices,
  { client, slug, tenantId }: Tenant,
  listId: string,
  templateId: string,
): Promise<Pick<Things, 'tenantId' | 'signUpFormId' | 'signUpToken'>> {
  const { signUpForm } = await client.signUpForms.createSignUpForm(
    contactsV1.CreateSignUpFormRequest.fromPartial({
      ...{ requestId: newId(), name: 'Letters', listId, templateId, purposes: ['letters'] },
      ...{ wording: 'Send me letters.', language: 'fr' },
    }),
  );
  const { signUpFormId } = signUpForm!;
  const email = `stranger@${slug}.test`;
  await fetch(`${cluster.service('contacts').httpUrl}/f/${tenantId}/${signUpFormId}`, {
    method: 'POST',
    body: new URLSearchParams({ email, wording_version: '1' }),
  });
  const arrived = () => mail.kept.find(({ to }) => to.includes(email));
  while (!arrived()) await systemClock.wait(50);
  const { text = '', subject } = await PostalMime.parse(arrived()!.raw);
  if (subject !== 'Merci de confirmer : Letters') throw new Error(`in another language: ${subject}`);
  return { tenantId, signUpFormId, signUpToken: /\/s\/([\w-]+)/.exec(text)![1]! };
}
