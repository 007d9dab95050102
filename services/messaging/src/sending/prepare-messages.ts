import { Inject, Injectable } from '@nestjs/common';
import { SIGN_UP_CONFIRMATION } from '@heed/contracts';
import { CLOCK, isDomainError, type Clock } from '@heed/kernel';
import { type HeldPermit } from '@heed/permits';
import { Sealing } from '@heed/sealing';
import { renderEmail, type RenderedEmail } from '@heed/templates';
import { failed, skipped, type Conclusion } from '../dispatch/attempt.js';
import { InboundAddresses, type MessageAddresses } from '../inbound/inbound-addresses.js';
import { DkimSigners } from '../dkim/dkim-signers.js';
import { fillMail } from '../mime/mail-form.js';
import { SigningDomains } from '../sender-domains/signing-domains.js';
import { MESSAGE_MARK } from '../tracking/tracked-html.js';
import { TrackingLinks } from '../tracking/tracking-links.js';
import { type CampaignTemplate } from './campaign-templates.js';
import { MessageValues, type ValuesByName } from './message-values.js';
import { type Claimed } from './in-hand.store.js';
import { isToldByPermit } from './told-by-permit.js';

export interface ToPrepare {
  attempt: Claimed;
  permit: HeldPermit;
  template: CampaignTemplate;
}

export interface Prepared extends ToPrepare {
  /** SMTP's sender: where it comes back to. */
  envelopeFrom: string;
  /** What is handed over, but for the attachments: they are the form's tail. */
  raw: Buffer;
  /** What is kept, under the person's key; undefined where nothing is. */
  sealed: Buffer | undefined;
}

/** Where the sealed text stands: part of what the seal binds. */
export const placeOf = (attemptId: string) => ({ table: 'message', row: attemptId, column: 'content' });

/** Messages from templates and permits. Only now can they be made: before the permit nobody here knows the address. */
@Injectable()
export class PrepareMessages {
  constructor(
    private readonly sealing: Sealing,
    private readonly addresses: InboundAddresses,
    private readonly values: MessageValues,
    private readonly domains: SigningDomains,
    private readonly signers: DkimSigners,
    private readonly links: TrackingLinks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async prepare(
    tenantId: string,
    wanted: readonly ToPrepare[],
  ): Promise<{ prepared: Prepared[]; ended: { item: ToPrepare; conclusion: Conclusion }[] }> {
    const ended: { item: ToPrepare; conclusion: Conclusion }[] = [];
    const rendered: { item: ToPrepare; email: RenderedEmail }[] = [];
    const values = await this.values.open(
      tenantId,
      wanted.map(({ attempt }) => attempt),
    );
    const tokens = await this.tokensOf(tenantId, wanted);
    for (const item of wanted) {
      const { attempt, permit } = item;
      const own = isToldByPermit(attempt) ? permit.fields : values.get(attempt.attemptId);
      const email = rendering(item, own, tokens.get(item));
      if ('outcome' in email) ended.push({ item, conclusion: email });
      else rendered.push({ item, email });
    }
    const minted = await this.addresses.mint(
      tenantId,
      rendered.map(({ item: { attempt } }) => attempt.attemptId),
    );
    // Nobody reads answers to what Heed itself writes; what is heard of contacts concerns contacts alone.
    const answers = rendered.map(({ item }, index) =>
      item.attempt.issuer === 'contacts' ? minted[index] : undefined,
    );
    // A requester's request stands with privacy, for as long as it is kept there; nothing of it is kept here. Nor of whoever
    // is asked whether they sign up: until they confirm they are nobody's.
    const kept = rendered.filter(({ item }) => isKept(item.attempt));
    const sealing = this.sealing.sealMany(
      tenantId,
      kept.map(({ item, email }) => ({
        subjectId: item.attempt.contactId,
        ...placeOf(item.attempt.attemptId),
        plaintext: Buffer.from(JSON.stringify(keptOf(item, email))),
      })),
    );
    // While the database looks for keys.
    const raws = rendered.map(({ item, email }, index) =>
      unlessRefused(() => this.compose(item, email, answers[index])),
    );
    // Signing too is under way meanwhile, in other threads: the permits are running.
    const [seals, signed] = await Promise.all([sealing, this.signed(tenantId, rendered, raws)]);
    const sealed = new Map(kept.map(({ item }, index) => [item, seals[index]]));
    const prepared: Prepared[] = [];
    rendered.forEach(({ item }, index) => {
      const [seal, raw] = [sealed.get(item), signed[index]!];
      // A key that was destroyed is not made again: the person was erased a moment ago.
      if (!seal && sealed.has(item)) ended.push({ item, conclusion: skipped('erased') });
      else if ('outcome' in raw) ended.push({ item, conclusion: raw });
      else prepared.push({ ...item, raw, sealed: seal, envelopeFrom: fromOf(item, answers[index]) });
    });
    return { prepared, ended };
  }

  /** All mails of one template at once: a batch is of few, and they end alike. */
  private async signed(
    tenantId: string,
    rendered: readonly { item: ToPrepare }[],
    raws: readonly (Buffer | Conclusion)[],
  ): Promise<(Buffer | Conclusion)[]> {
    const signed = [...raws];
    const byTemplate = new Map<CampaignTemplate, number[]>();
    raws.forEach((raw, index) => {
      if ('outcome' in raw) return;
      const { template } = rendered[index]!.item;
      byTemplate.set(template, [...(byTemplate.get(template) ?? []), index]);
    });
    await Promise.all(
      Array.from(byTemplate, async ([{ sender, form }, indices]) => {
        const { keys } = await this.domains.of(tenantId, sender.address);
        const mails = indices.map((index) => raws[index] as Buffer);
        const made = await this.signers.sign(mails, keys, this.clock.now(), form.tail);
        indices.forEach((index, place) => (signed[index] = made[place]!));
      }),
    );
    return signed;
  }

  /** Of the messages whose people agreed to be tracked. The others go out as they were written. */
  private async tokensOf(tenantId: string, wanted: readonly ToPrepare[]): Promise<Map<ToPrepare, string>> {
    const tracked = wanted.filter(({ permit, template }) => permit.mayTrack && template.tracked);
    const tokens = await this.links.mint(
      tenantId,
      tracked.map(({ attempt }) => attempt.attemptId),
    );
    return new Map(tracked.map((item, index) => [item, tokens[index]!]));
  }

  private compose(
    { attempt, permit, template }: ToPrepare,
    rendered: RenderedEmail,
    answers: MessageAddresses | undefined,
  ): Buffer {
    return fillMail(template.form, {
      attemptId: attempt.attemptId,
      intentId: attempt.intentId,
      to: permit.address,
      rendered,
      optOutUrl: template.parsed.kind === 'marketing' ? permit.optOutUrl : '',
      answers,
      at: this.clock.now(),
    });
  }
}

function isKept({ issuer, purpose }: Claimed): boolean {
  return issuer !== 'privacy' && purpose !== SIGN_UP_CONFIRMATION;
}

function fromOf({ template }: ToPrepare, answers: MessageAddresses | undefined): string {
  return answers?.bounce ?? template.sender.address;
}

/** campaigns rendered it with sample values; with these it may loop or grow where it did not then. */
function rendering(
  { permit, template }: ToPrepare,
  values: ValuesByName | undefined,
  token?: string,
): RenderedEmail | Conclusion {
  const { fields, optOutUrl } = permit;
  return unlessRefused(() => {
    if (token === undefined || !template.tracked) {
      return renderEmail({ template: template.parsed, fields, values, optOutUrl });
    }
    const email = renderEmail({ template: template.tracked, fields, values, optOutUrl });
    return { ...email, html: email.html?.replaceAll(MESSAGE_MARK, token) };
  });
}

/** What is kept of it: a link that sets a password is shown to nobody a second time. */
function keptOf(item: ToPrepare, email: RenderedEmail): RenderedEmail {
  const { secrets = [] } = item.template;
  if (secrets.length === 0) return email;
  const hidden = Object.fromEntries(secrets.map((name) => [name, '(not kept)']));
  const kept = rendering(item, { ...item.permit.fields, ...hidden });
  return 'outcome' in kept ? { subject: email.subject, text: '', html: undefined } : kept;
}

function unlessRefused<Made>(make: () => Made): Made | Conclusion {
  try {
    return make();
  } catch (error) {
    if (isDomainError(error)) return failed(error.reason.toLowerCase());
    throw error;
  }
}
