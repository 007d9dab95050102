import { LastCheck } from '@heed/permits';
import { type SipAgent, type Request } from './sip-agent.js';
import { header, type SipMessage } from './sip-message.js';
import { after, patienceMs, repeating } from './sip-timers.js';

export interface InviteEvents {
  /** Each answer once, but every 200: only who asked can acknowledge those. */
  onAnswer(response: SipMessage): void;
  /** Nothing was ever said. */
  onSilence(): void;
}

export type Invitation = Request & { branch: string };

/** One INVITE and its answers (RFC 3261, 17.1.1, with RFC 6026). */
export class Invite {
  private stopRepeating = (): void => undefined;
  private stopWaiting = (): void => undefined;
  private stopListening = (): void => undefined;
  private final: SipMessage | undefined;
  private acknowledgement: Buffer | undefined;
  private readonly bytes: Buffer;
  /** Something was said: a CANCEL may be sent. */
  isHeard = false;

  constructor(
    private readonly agent: SipAgent,
    private readonly request: Invitation,
    private readonly events: InviteEvents,
  ) {
    // Made beforehand: between the check and the write there is nothing.
    this.bytes = agent.write(request);
  }

  /** The point of no return. False: not a byte was written. */
  begin(mayBegin: () => boolean, begun: () => void): boolean {
    const { agent, request } = this;
    const { transport, timers } = agent;
    this.stopListening = agent.listen(request.branch, 'INVITE', (response) => this.hear(response));
    const check = LastCheck.passed(() => transport.isClear() && mayBegin());
    if (!check) {
      this.stopListening();
      return false;
    }
    transport.send(this.bytes);
    begun();
    check.written('voice');
    if (!transport.isReliable)
      this.stopRepeating = repeating(timers.t1Ms, Infinity, () => transport.send(this.bytes));
    this.stopWaiting = after(patienceMs(timers), () => {
      this.retire();
      this.events.onSilence();
    });
    return true;
  }

  /** Not one more copy of it leaves; what is answered is still heard. */
  hush(): void {
    this.stopRepeating();
  }

  /** SPEC (9.1): everything of it equals the INVITE's but the method. */
  cancel(): void {
    const { uri, from, to, callId, number, branch, headers } = this.request;
    const route = headers?.filter(([name]) => name === 'Route') ?? [];
    void this.agent.ask({ method: 'CANCEL', uri, from, to, callId, number, branch, headers: route });
  }

  private hear(response: SipMessage): void {
    const isFirst = !this.isHeard;
    this.isHeard = true;
    this.stopRepeating();
    if (isFirst) this.stopWaiting();
    const status = response.status!;
    if (status >= 300 && this.acknowledgement) return this.agent.transport.send(this.acknowledgement);
    if (this.final && (status < 200 || status >= 300)) return;
    if (status >= 200) {
      if (!this.final) this.retire();
      this.final = response;
      if (status >= 300) this.acknowledge(response);
    }
    this.events.onAnswer(response);
  }

  /** SPEC (17.1.1.3): within the transaction, with the To of the answer. */
  private acknowledge(response: SipMessage): void {
    const { uri, from, callId, number, branch, headers } = this.request;
    const route = headers?.filter(([name]) => name === 'Route') ?? [];
    const to = header(response, 'to')!;
    this.acknowledgement = this.agent.write({
      ...{ method: 'ACK', uri, from, to, callId, number, branch, headers: route },
    });
    this.agent.transport.send(this.acknowledgement);
  }

  /** Late and repeated answers are heard for as long as they can be under way. */
  retire(): void {
    this.stopRepeating();
    this.stopWaiting();
    this.stopWaiting = after(patienceMs(this.agent.timers), () => this.stopListening());
  }
}
