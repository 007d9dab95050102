import { Inject, Injectable } from '@nestjs/common';
import { ConsentChanged } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { lockSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { changeOf } from '../consent/consent-message.js';
import { appendEntries, keepEvidence, nextEpochs, type Entry } from '../consent/consent.store.js';
import { AddressHashes, type Forms } from '../contacts/address-hashes.js';
import { readEmail, type Address } from '../contacts/address.js';
import { insertContacts } from '../contacts/contact.store.js';
import { endpointsByHashes, insertEndpoints, lockNewAddresses } from '../contacts/endpoint.store.js';
import { refusal } from '../errors.js';
import { addMembers } from '../lists/list.store.js';
import { stoppedAt, stoppedByRequest } from '../permits/stopped.store.js';
import { type SignUpForm } from './sign-up-form.js';
import { formById } from './sign-up-form.store.js';
import { type SignUpLink } from './sign-up-token.js';
import { deleteSignUps, formOfConfirmed, keepConfirmations, signUpById } from './sign-up.store.js';
import { placeOfSignUp, whoConfirms, type SignUp, type Typed } from './sign-up.js';

/** Where the button was pressed. */
export interface Pressed {
  network: string;
  userAgent: string;
}

interface Confirming {
  signUp: SignUp;
  form: SignUpForm;
  typed: Typed;
  address: Address;
  forms: Forms;
  candidates: Buffer[];
  contactId: string;
  /** A consent for each purpose, with what was shown and said. */
  consents: { entryId: string; purpose: string; evidence: Buffer }[];
}

/** Who has the address may change between looking and writing, once or twice. */
const MOST_LOOKS = 5;

/**
 * The owner of an address confirms what was typed into a form: now, and not before, they are a contact. Somebody new, whoever
 * had the address before: nothing joins them to whom was erased. Where one living contact has the address it is their
 * consent.
 */
@Injectable()
export class ConfirmSignUp {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashes: AddressHashes,
    private readonly sealing: Sealing,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The form that a link is of, while it can be confirmed or was. */
  async formOf({ tenantId, signUpId }: SignUpLink): Promise<SignUpForm> {
    const form = await this.uow.run(tenantId, async (tx) => {
      const signUp = await signUpById(tx, signUpId, '');
      const formId = signUp?.signUpFormId ?? (await formOfConfirmed(tx, signUpId));
      const found = formId === undefined ? undefined : await formById(tx, formId);
      // A consent is to the words that were seen, here as there.
      if (found && signUp && found.wordingVersion !== signUp.wordingVersion)
        throw refusal('SIGN_UP_OUTDATED');
      return found;
    });
    if (!form) throw refusal('SIGN_UP_OVER');
    return form;
  }

  /** Twice is once: the second time changes nothing, whatever the person has said since. */
  async confirm(link: SignUpLink, pressed: Pressed): Promise<SignUpForm> {
    const form = await this.formOf(link);
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const confirming = await this.look(link, form, pressed);
      if (!confirming) return form;
      const done = await this.uow.run(link.tenantId, (tx) => this.write(tx, confirming), {
        priority: 'consent',
      });
      if (done) return form;
    }
    throw refusal('SIGN_UP_BUSY');
  }

  /** Undefined: it was confirmed before. */
  private async look(
    { tenantId, signUpId }: SignUpLink,
    form: SignUpForm,
    pressed: Pressed,
  ): Promise<Confirming | undefined> {
    const { signUp, isConfirmed } = await this.uow.run(tenantId, async (tx) => ({
      signUp: await signUpById(tx, signUpId, ''),
      isConfirmed: (await formOfConfirmed(tx, signUpId)) !== undefined,
    }));
    if (isConfirmed) return undefined;
    if (!signUp || signUp.expiresAt <= this.clock.now()) throw refusal('SIGN_UP_OVER');
    if (signUp.wordingVersion !== form.wordingVersion) throw refusal('SIGN_UP_OUTDATED');
    const [opened] = await this.sealing.openMany(tenantId, [
      { subjectId: signUp.contactId, ...placeOfSignUp(signUpId), sealed: signUp.sealed },
    ]);
    if (!opened) throw refusal('SIGN_UP_OVER');
    const typed = JSON.parse(opened.toString('utf8')) as Typed;
    const address = readEmail(typed.email)!;
    const [candidates, [forms]] = await Promise.all([
      this.hashes.candidates(tenantId, [address]),
      this.hashes.forms(tenantId, [address]),
    ]);
    const owners = await this.uow.run(tenantId, (tx) => endpointsByHashes(tx, candidates));
    const contactId = whoConfirms(owners, signUp.contactId);
    const evidence = Buffer.from(this.evidenceOf(signUp, form, typed, pressed));
    const entries = form.purposes.map((purpose) => ({ entryId: newId(), purpose }));
    const seals = await this.sealing.sealMany(
      tenantId,
      entries.map(({ entryId }) => {
        const place = { table: 'consent_evidence', row: entryId, column: 'sealed' };
        return { subjectId: contactId, ...place, plaintext: evidence };
      }),
    );
    const consents = entries.flatMap((entry, index) => {
      const seal = seals[index];
      return seal ? [{ ...entry, evidence: seal }] : [];
    });
    if (consents.length < entries.length) throw refusal('SIGN_UP_OVER');
    return { signUp, form, typed, address, forms: forms!, candidates, contactId, consents };
  }

  /** False: something else is so since it was looked at. */
  private async write(tx: Tx, confirming: Confirming): Promise<boolean> {
    const { signUp, form, candidates, contactId, consents } = confirming;
    const at = this.clock.now();
    await lockNewAddresses(tx, candidates);
    // Before the row of the sign-up: erasures lock people first, too.
    const living = await lockSubjects(tx, [...new Set([signUp.contactId, contactId])]);
    const now = await signUpById(tx, signUp.signUpId, 'for update');
    if (!now || !now.sealed.equals(signUp.sealed)) return false;
    const isGone = !living.has(contactId) || !living.has(signUp.contactId);
    // A request of theirs is worked: what they typed before it counts for nothing after it.
    const isStopped =
      (await stoppedByRequest(tx, [contactId, signUp.contactId])) ||
      (await stoppedAt(tx, candidates)).length > 0;
    if (isGone || isStopped) throw refusal('SIGN_UP_OVER');
    if (whoConfirms(await endpointsByHashes(tx, candidates), signUp.contactId) !== contactId) return false;
    if (contactId === signUp.contactId) await this.welcome(tx, confirming, at);
    await addMembers(tx, [{ listId: form.listId, contactId }], at);
    const epochs = await nextEpochs(
      tx,
      consents.map(() => contactId),
    );
    const entries = consents.map(({ entryId, purpose }, index): Entry => ({
      ...{ entryId, contactId, channel: 'email', purpose, sender: form.sender, state: 'granted' },
      ...{ basis: 'consent', source: 'sign_up', epoch: epochs[index]!, saidAt: at, recordedAt: at },
      recordedBy: undefined,
    }));
    await appendEntries(
      tx,
      entries.map((entry) => ({ ...entry, origin: undefined })),
      at,
    );
    for (const [index, entry] of entries.entries())
      await keepEvidence(tx, entry, consents[index]!.evidence, at);
    await keepConfirmations(tx, signUp, entries, at);
    await deleteSignUps(tx, [signUp.signUpId]);
    await this.outbox.addAll(
      tx,
      ConsentChanged,
      entries.map((entry) => ({ data: changeOf(tx.tenantId, entry), sequence: entry.epoch })),
    );
    return true;
  }

  private async welcome(tx: Tx, { signUp, typed, address, forms }: Confirming, at: Date): Promise<void> {
    const { contactId, endpointHash } = signUp;
    const { firstName, lastName } = typed;
    const profile = {
      firstName: firstName || undefined,
      lastName: lastName || undefined,
      country: undefined,
    };
    await insertContacts(tx, [{ contactId, ...profile, source: 'sign_up' }], at);
    await insertEndpoints(
      tx,
      [
        {
          ...{ endpointId: newId(), contactId, channel: address.channel, address: address.address },
          ...{ endpointHash, forms },
        },
      ],
      at,
    );
  }

  /** What was shown, typed and pressed, when and from where. */
  private evidenceOf(
    { signUpFormId, wordingVersion, signedUpAt }: SignUp,
    form: SignUpForm,
    { network, userAgent, origin, wording }: Typed,
    pressed: Pressed,
  ): string {
    return JSON.stringify({
      form: { id: signUpFormId, name: form.name, wordingVersion },
      wording,
      signedUp: { at: signedUpAt, network, userAgent, origin },
      confirmed: { at: this.clock.now(), ...pressed },
    });
  }
}
