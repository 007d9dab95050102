import { Injectable } from '@nestjs/common';
import { contactsV1, SIGN_UP_CONFIRMATION, typesV1 } from '@heed/contracts';
import { isDomainError } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients, type Client } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { ownWords } from '../replies/own-words.js';
import { readProviderEvent } from '../providers/provider-event.js';
import { AnsweredAttemptStore } from './answered-attempt.store.js';
import { type InboundMail, placeOfMail } from './inbound-mail.js';
import { readMail, type ReadMail } from './read-mail.js';

const { ConsentSource } = contactsV1;
const LONGEST_EVIDENCE = 2_000;
const TIMEOUT_MS = 5_000;

/** Tells contacts of a no that was heard by mail. Under the mail's id it is recorded once, however often it is told. */
@Injectable()
export class RecordHeardOptOut {
  private readonly consent: Client<contactsV1.ConsentServiceService>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly attempts: AnsweredAttemptStore,
    private readonly sealing: Sealing,
    rpc: RpcClients,
  ) {
    this.consent = rpc.of(contactsV1.ConsentServiceService, 'contacts');
  }

  async record(tenantId: string, mail: InboundMail): Promise<void> {
    const { mailId, scope } = mail;
    const raw = await this.opened(tenantId, mail);
    const said = await saidBy(mail, raw);
    const attempt =
      mail.isKnown && mail.attemptId !== undefined
        ? await this.uow.run(tenantId, (tx) => this.attempts.find(tx, mail.attemptId!))
        : undefined;
    await this.consent.recordOptOut(
      {
        requestId: mailId,
        contactId: mail.isKnown ? mail.contactId : '',
        channel: scope.channel === '' ? typesV1.Channel.CHANNEL_UNSPECIFIED : typesV1.Channel.CHANNEL_EMAIL,
        ...{ purpose: scope.purpose, sender: '' },
        source: sourceOf(mail),
        evidence: said.evidence,
        heardFrom: {
          endpointId: attempt?.endpointId ?? '',
          endpointHash: attempt?.endpointHash ?? Buffer.alloc(0),
          optOutToken: said.token,
          // Forged as easily as written: it counts where nothing else is known, and then for an address alone. Of who is
          // asked by a form contacts may know nothing any more.
          address:
            mail.isKnown && attempt?.purpose !== SIGN_UP_CONFIRMATION ? '' : said.address.slice(0, 254),
        },
      },
      { tenantId, timeoutMs: TIMEOUT_MS },
    );
  }

  private async opened(
    tenantId: string,
    { mailId, contactId, raw }: InboundMail,
  ): Promise<Buffer | undefined> {
    if (!raw) return undefined;
    try {
      return await this.sealing.open(tenantId, contactId, placeOfMail(mailId), raw);
    } catch (error) {
      // Erased a moment ago: what they said still binds their address, as far as it is known.
      if (isDomainError(error, 'KEY_DESTROYED')) return undefined;
      throw error;
    }
  }
}

interface Said {
  evidence: string;
  token: string;
  /** Of whoever said it, as far as the mail or the provider tells. */
  address: string;
}

async function saidBy({ addressKind }: InboundMail, raw: Buffer | undefined): Promise<Said> {
  if (!raw) return { evidence: '', token: '', address: '' };
  if (addressKind === 'provider') {
    return { evidence: '', token: '', address: readProviderEvent(raw)?.recipient ?? '' };
  }
  const read = await readMail(raw, { nullSender: false });
  return {
    evidence: read ? evidenceOf(read) : '',
    token: tokenIn(raw, read),
    address: read && 'from' in read ? read.from : '',
  };
}

function sourceOf({ kind, addressKind }: InboundMail): contactsV1.ConsentSource {
  if (kind === 'complaint') return ConsentSource.CONSENT_SOURCE_COMPLAINT;
  if (addressKind === 'provider') return ConsentSource.CONSENT_SOURCE_API;
  return addressKind === 'unsubscribe'
    ? ConsentSource.CONSENT_SOURCE_MAILTO
    : ConsentSource.CONSENT_SOURCE_REPLY;
}

/** What they said, for the ledger, which seals it under their key. */
function evidenceOf(read: ReadMail): string {
  if (read.kind !== 'written') return '';
  const words = ownWords(read.text);
  // PostgreSQL holds no zero character.
  return (words === '' ? read.subject : words).replaceAll('\0', '').slice(0, LONGEST_EVIDENCE);
}

/**
 * The token of the message's link: in the subject that our mailto: asks for, else in a link that the answer quotes. It
 * names person and address even after both were erased; contacts verifies it.
 */
function tokenIn(raw: Buffer, read: ReadMail | undefined): string {
  const inSubject = read && 'subject' in read ? /[\w-]{80,700}/.exec(read.subject)?.[0] : undefined;
  if (inSubject !== undefined) return inSubject;
  // Quoted-printable ends a line in "=" where it breaks one.
  const text = raw.toString('latin1').replaceAll(/=\r?\n/g, '');
  return /\/u\/([\w-]{80,700})/.exec(text)?.[1] ?? '';
}
