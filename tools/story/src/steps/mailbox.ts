import { systemClock } from '@heed/kernel';
import { type MailLogLine, readMailLog } from '../measure/mail-log.js';

interface ParsedMail {
  headers: { key: string; value: string }[];
  text?: string;
}

const PATIENCE_MS = 30_000;
const POLL_MS = 20;

/** What the local mail server got, read the way its owner would: its log, and its HTTP interface. */
export class Mailbox {
  constructor(
    private readonly httpUrl: string,
    private readonly eventLog: string,
    /** A story before this one may have written to the same people: milliseconds since 1970. */
    private readonly since = systemClock.now().getTime(),
  ) {}

  log(): Promise<MailLogLine[]> {
    return readMailLog(this.eventLog);
  }

  /** The one-click link (RFC 8058) in the message that arrived for an intent. */
  async oneClickLink(intentId: string): Promise<string> {
    const header = await this.headersFor(intentId);
    const link = /<(https?:[^>]+)>/.exec(header('list-unsubscribe'))?.[1];
    if (!link || header('list-unsubscribe-post') !== 'List-Unsubscribe=One-Click') {
      throw new Error('a message arrived without the headers of RFC 8058');
    }
    return link;
  }

  /** From where the message came that this address got, as SMTP's sender; undefined before it came. */
  async senderTo(address: string): Promise<string | undefined> {
    const query = new URLSearchParams({ to: address, limit: '1' });
    const found = (await this.get(`/messages?${query}`)) as { messages: { at: number; from?: string }[] };
    return found.messages.find(({ at }) => at >= this.since)?.from;
  }

  /** The link of this form in the newest message to this address that has one, once it is there. */
  async linkTo(address: string, form: RegExp): Promise<string> {
    const query = new URLSearchParams({ to: address, limit: '5' });
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
      const { messages } = (await this.get(`/messages?${query}`)) as {
        messages: { id: string; at: number }[];
      };
      for (const { id, at } of messages) {
        if (at < this.since) break;
        const { text = '' } = (await this.get(`/messages/${id}/parsed`)) as ParsedMail;
        const link = form.exec(text)?.[0];
        if (link) return link;
      }
      await systemClock.wait(POLL_MS);
    }
    throw new Error('no message with such a link arrived');
  }

  /** Where an answer to that message goes. */
  async replyTo(intentId: string): Promise<string> {
    return (await this.headersFor(intentId))('reply-to');
  }

  private async headersFor(intentId: string): Promise<(name: string) => string> {
    const found = (await this.get(`/messages?intent=${intentId}&limit=1`)) as { messages: { id: string }[] };
    const [message] = found.messages;
    if (!message) throw new Error(`no message arrived for intent ${intentId}`);
    const mail = (await this.get(`/messages/${message.id}/parsed`)) as ParsedMail;
    return (name) => mail.headers.find(({ key }) => key === name)?.value ?? '';
  }

  private async get(path: string): Promise<unknown> {
    const response = await fetch(new URL(path, this.httpUrl));
    if (!response.ok) throw new Error(`the mail server answered ${response.status} to ${path}`);
    return response.json();
  }
}

/** What a mail program does when its reader presses "unsubscribe" (RFC 8058). */
export async function pressUnsubscribe(link: string): Promise<void> {
  const response = await fetch(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  if (!response.ok) throw new Error(`the one-click link answered ${response.status}`);
}

/** What a security scanner does with every link it sees. */
export async function scan(link: string): Promise<void> {
  const response = await fetch(link, { method: 'GET', headers: { 'user-agent': 'LinkScanner/1.0' } });
  await response.arrayBuffer();
}
