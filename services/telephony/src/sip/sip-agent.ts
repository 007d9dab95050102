import { randomBytes } from 'node:crypto';
import { answerChallenge, chooseChallenge, type Credentials } from './digest.js';
import { header, type SipMessage, splitList, writeMessage } from './sip-message.js';
import { after, patienceMs, repeating, type SipTimers } from './sip-timers.js';
import { type SipTransport } from './sip-transport.js';
import { bracketed } from './sip-uri.js';

/** Requests that the trunk makes within a dialog of ours. */
export type OnRequest = (request: SipMessage) => Answer;

export interface Answer {
  status: number;
  reason: string;
  headers?: readonly (readonly [string, string])[];
  body?: Buffer;
}

export interface Request {
  method: string;
  uri: string;
  from: string;
  to: string;
  callId: string;
  number: number;
  headers?: readonly (readonly [string, string])[];
  body?: Buffer;
  branch?: string;
}

export const ALLOW = 'INVITE, ACK, CANCEL, BYE, INFO, OPTIONS, UPDATE';
const MOST_ANSWERS_KEPT = 2_000;
/** Strangers are told so this often a second, and then not at all. */
const MOST_STRANGERS_A_SECOND = 100;

/** Says which message belongs to which transaction and which dialog. It knows nothing of calls. */
export class SipAgent {
  private readonly transactions = new Map<string, (response: SipMessage) => void>();
  private readonly dialogs = new Map<string, OnRequest>();
  /** Answers given, oldest first: whoever repeats a request gets the same one. */
  private readonly answered = new Map<string, Buffer>();
  private strangers = { second: 0, count: 0 };
  transport!: SipTransport;

  constructor(
    readonly timers: SipTimers,
    private readonly credentials?: Credentials,
    private readonly scheme: 'sip' | 'sips' = 'sip',
  ) {}

  newBranch(): string {
    // SPEC (8.1.1.7): begins with the magic cookie, and is unique across space and time.
    return `z9hG4bK${randomBytes(12).toString('hex')}`;
  }

  get contact(): string {
    const { host, port, protocol } = this.transport;
    // RFC 3261, 8.1.1.8: whoever asks a SIPS address has one. What it goes over follows from its scheme.
    if (this.scheme === 'sips') return `<sips:heed@${bracketed(host)}:${port}>`;
    return `<sip:heed@${bracketed(host)}:${port};transport=${protocol.toLowerCase()}>`;
  }

  /** The bytes of a request; a branch of its own unless it has one. */
  write({ method, uri, from, to, callId, number, headers = [], body, branch }: Request): Buffer {
    const { protocol, host, port } = this.transport;
    const way = `SIP/2.0/${protocol} ${bracketed(host)}:${port};branch=${branch ?? this.newBranch()};rport`;
    return writeMessage(
      `${method} ${uri} SIP/2.0`,
      [
        ...([['Via', way]] as const),
        ...([['Max-Forwards', '70']] as const),
        ...([['From', from]] as const),
        ...([['To', to]] as const),
        ...([['Call-ID', callId]] as const),
        ...([['CSeq', `${number} ${method}`]] as const),
        ...headers,
      ],
      body,
    );
  }

  /** Hears the answers to one request, until it is told to stop. */
  listen(branch: string, method: string, onResponse: (response: SipMessage) => void): () => void {
    const key = `${branch} ${method}`;
    this.transactions.set(key, onResponse);
    return () => this.transactions.delete(key);
  }

  /** Takes the requests of a call. */
  serve(callId: string, onRequest: OnRequest): () => void {
    this.dialogs.set(callId, onRequest);
    return () => this.dialogs.delete(callId);
  }

  /** A request that is no INVITE: its final answer, or undefined where none came in time. */
  ask(request: Request): Promise<SipMessage | undefined> {
    const branch = request.branch ?? this.newBranch();
    const bytes = this.write({ ...request, branch });
    const { t1Ms, t2Ms } = this.timers;
    return new Promise((resolve) => {
      const stopRepeating = this.transport.isReliable
        ? () => undefined
        : repeating(t1Ms, t2Ms, () => this.transport.send(bytes));
      const end = (answer?: SipMessage): void => {
        stopRepeating();
        stopWaiting();
        stopListening();
        resolve(answer);
      };
      const stopWaiting = after(patienceMs(this.timers), () => end());
      const stopListening = this.listen(branch, request.method, (response) => {
        if (response.status! >= 200) end(response);
      });
      this.transport.send(bytes);
    });
  }

  /** The header that answers a 401 or 407; undefined where we cannot, or where it was answered already and not stale. */
  authorise(
    response: SipMessage,
    { method, uri }: Pick<Request, 'method' | 'uri'>,
    tries: number,
  ): readonly [string, string] | undefined {
    const byProxy = response.status === 407;
    const asked = response.headers.get(byProxy ? 'proxy-authenticate' : 'www-authenticate') ?? [];
    const challenge = chooseChallenge(asked.flatMap(challengesIn));
    if (!challenge || !this.credentials || tries > 1 || (tries === 1 && !challenge.stale)) return undefined;
    const answer = answerChallenge(challenge, this.credentials, { method, uri });
    return [byProxy ? 'Proxy-Authorization' : 'Authorization', answer];
  }

  /** For the transport. */
  readonly onMessage = (message: SipMessage, reply: (answer: Buffer) => void): void => {
    if (message.status !== undefined) {
      this.transactions.get(`${message.branch} ${message.cseq.method}`)?.(message);
      return;
    }
    if (message.method === 'ACK') return;
    const key = `${message.branch} ${message.method}`;
    const before = this.answered.get(key);
    if (before) return reply(before);
    const answer = this.answer(message);
    if (!answer) return;
    const bytes = answerBytes(message, answer);
    this.answered.set(key, bytes);
    if (this.answered.size > MOST_ANSWERS_KEPT) this.answered.delete(this.answered.keys().next().value!);
    reply(bytes);
  };

  /** Undefined where strangers ask too often. */
  private answer(request: SipMessage): Answer | undefined {
    const dialog = this.dialogs.get(request.callId);
    if (dialog) return dialog(request);
    const second = Math.floor(performance.now() / 1_000);
    if (this.strangers.second !== second) this.strangers = { second, count: 0 };
    this.strangers.count += 1;
    if (this.strangers.count > MOST_STRANGERS_A_SECOND) return undefined;
    if (request.method === 'OPTIONS') return { status: 200, reason: 'OK', headers: [['Allow', ALLOW]] };
    // Nobody calls us; and what is about a call that we do not know is about none.
    if (request.method === 'INVITE' && !request.toTag)
      return { status: 480, reason: 'Temporarily Unavailable' };
    return { status: 481, reason: 'Call/Transaction Does Not Exist' };
  }
}

/** Several questions may stand in one line, and commas within each. */
function challengesIn(line: string): string[] {
  const challenges: string[] = [];
  for (const part of splitList(line)) {
    if (/^[A-Za-z]+\s+[A-Za-z]/.test(part)) challenges.push(part);
    else if (challenges.length > 0) challenges[challenges.length - 1] += `, ${part}`;
  }
  return challenges;
}

/** SPEC (8.2.6.2): From, Call-ID, CSeq and Via equal those of the request; To gets a tag where it has none. */
function answerBytes(request: SipMessage, { status, reason, headers = [], body }: Answer): Buffer {
  const to = header(request, 'to')!;
  return writeMessage(
    `SIP/2.0 ${status} ${reason}`,
    [
      ...request.headers.get('via')!.map((via) => ['Via', via] as const),
      ...(request.headers.get('record-route') ?? []).map((route) => ['Record-Route', route] as const),
      ['From', header(request, 'from')!],
      ['To', request.toTag ? to : `${to};tag=${randomBytes(6).toString('hex')}`],
      ['Call-ID', request.callId],
      ['CSeq', `${request.cseq.number} ${request.cseq.method}`],
      ...headers,
    ],
    body,
  );
}
