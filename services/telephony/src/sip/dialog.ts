import { type Invitation } from './invite.js';
import { type SipAgent } from './sip-agent.js';
import { header, listed, type SipMessage } from './sip-message.js';
import { addressIn } from './sip-uri.js';

const MOST_ROUTES = 10;

/** What a 200 makes of an invitation (RFC 3261, 12): who speaks with whom, and on which way. */
export class Dialog {
  readonly remoteTag: string;
  private readonly to: string;
  private readonly target: string;
  private readonly routes: readonly (readonly [string, string])[];
  private readonly acknowledgement: Buffer;
  private number: number;
  private isOver = false;

  constructor(
    private readonly agent: SipAgent,
    private readonly invitation: Invitation,
    answer: SipMessage,
  ) {
    this.remoteTag = answer.toTag;
    this.to = header(answer, 'to')!;
    this.number = invitation.number;
    this.target = addressIn(listed(answer, 'contact')[0] ?? '') ?? invitation.uri;
    this.routes = listed(answer, 'record-route')
      .slice(0, MOST_ROUTES)
      .reverse()
      .map((route) => ['Route', route] as const);
    // SPEC (22.1): "the ACK MUST contain the same credentials as the INVITE".
    const credentials = invitation.headers?.filter(([name]) => /authorization$/i.test(name)) ?? [];
    this.acknowledgement = agent.write({
      ...this.within('ACK', invitation.number),
      headers: [...this.routes, ...credentials],
    });
  }

  /** Of the 200, and of each copy of it. */
  acknowledge(): void {
    this.agent.transport.send(this.acknowledgement);
  }

  /** Ends it. Who does not answer has been told often enough. */
  async bye(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    let credentials: readonly [string, string] | undefined;
    for (let tries = 0; tries <= 2; tries += 1) {
      this.number += 1;
      const request = this.within('BYE', this.number);
      const headers = [...this.routes, ...(credentials ? [credentials] : [])];
      const answer = await this.agent.ask({ ...request, headers });
      if (answer?.status !== 401 && answer?.status !== 407) return;
      credentials = this.agent.authorise(answer, request, tries);
      if (!credentials) return;
    }
  }

  /** The other side has ended it. */
  over(): void {
    this.isOver = true;
  }

  private within(method: string, number: number) {
    const { from, callId } = this.invitation;
    return { method, uri: this.target, from, to: this.to, callId, number };
  }
}
