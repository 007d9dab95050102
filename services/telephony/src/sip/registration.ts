import { randomBytes } from 'node:crypto';
import { metrics, type Logger } from '@heed/telemetry';
import { type SipAgent } from './sip-agent.js';
import { header, listed, parameter, type SipMessage } from './sip-message.js';
import { after } from './sip-timers.js';
import { addressIn } from './sip-uri.js';

const ASKED_S = 600;
const SHORTEST_S = 10;
const LONGEST_S = 3_600;
const LONGEST_PAUSE_MS = 60_000;

export interface RegistrationParts {
  agent: SipAgent;
  /** Of the trunk. */
  registrar: string;
  /** Who we are there. */
  record: string;
  log: Logger;
}

/** Keeps a trunk told where we are (RFC 3261, 10), and renews that before it ends. */
export class Registration {
  private readonly callId = randomBytes(16).toString('hex');
  private readonly tag = randomBytes(8).toString('hex');
  private number = 0;
  private untilMs = 0;
  private contact = '';
  private expiresS = ASKED_S;
  private failures = 0;
  private isClosed = false;
  private stopWaiting = (): void => undefined;
  private running: Promise<void> | undefined;
  private readonly stopMeasuring = metrics.gauge(
    'heed_sip_registered',
    { description: '1 while the trunk knows where we are; calls are refused otherwise' },
    () => (this.isCurrent ? 1 : 0),
  );

  constructor(private readonly parts: RegistrationParts) {}

  /** The trunk knows us under the address that we have now. */
  get isCurrent(): boolean {
    return performance.now() < this.untilMs && this.contact === this.parts.agent.contact;
  }

  /** Resolves when it stands, or could not be made; it is tried again by itself. */
  async renew(): Promise<void> {
    this.running ??= this.register().finally(() => (this.running = undefined));
    await this.running;
  }

  /** Tells the trunk that we are gone. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stopWaiting();
    this.stopMeasuring();
    await this.running;
    if (this.isCurrent) await this.ask(0);
    this.untilMs = 0;
  }

  private async register(): Promise<void> {
    const { agent, log } = this.parts;
    this.stopWaiting();
    const answer = await agent.transport.ready().then(
      () => this.ask(this.expiresS),
      () => undefined,
    );
    const status = answer?.status ?? 0;
    if (answer && status >= 200 && status < 300) {
      const seconds = this.grantedIn(answer);
      this.failures = 0;
      this.contact = agent.contact;
      this.untilMs = performance.now() + seconds * 1_000;
      return this.again(seconds * 800);
    }
    const shortest = status === 423 ? Number(header(answer!, 'min-expires')) : NaN;
    // SPEC (10.2.8): asks again with what the registrar wants at least.
    if (shortest > this.expiresS && shortest <= LONGEST_S) {
      this.expiresS = shortest;
      return this.register();
    }
    this.failures += 1;
    log.warn('the trunk did not register us', { httpStatus: status, tries: this.failures });
    this.again(Math.min(1_000 * 2 ** Math.min(this.failures - 1, 10), LONGEST_PAUSE_MS));
  }

  private again(ms: number): void {
    if (!this.isClosed) this.stopWaiting = after(ms, () => void this.renew());
  }

  private async ask(expiresS: number): Promise<SipMessage | undefined> {
    const { agent, registrar: uri, record } = this.parts;
    let credentials: readonly (readonly [string, string])[] = [];
    for (let tries = 0; ; tries += 1) {
      this.number += 1;
      const answer = await agent.ask({
        ...{ method: 'REGISTER', uri, from: `<${record}>;tag=${this.tag}`, to: `<${record}>` },
        ...{ callId: this.callId, number: this.number },
        headers: [['Contact', agent.contact], ['Expires', String(expiresS)], ...credentials],
      });
      if (answer?.status !== 401 && answer?.status !== 407) return answer;
      const authorised = agent.authorise(answer, { method: 'REGISTER', uri }, tries);
      if (!authorised) return answer;
      credentials = [authorised];
    }
  }

  /** SPEC (10.3): for this binding, in its Contact; else for all of them. */
  private grantedIn(answer: SipMessage): number {
    const own = addressIn(this.parts.agent.contact);
    const contact = listed(answer, 'contact').find((each) => addressIn(each) === own);
    const said = (contact && parameter(contact, 'expires')) ?? header(answer, 'expires');
    const seconds = said && /^\d{1,7}$/.test(said) ? Number(said) : this.expiresS;
    return Math.min(Math.max(seconds, SHORTEST_S), LONGEST_S);
  }
}
