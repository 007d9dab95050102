import { type Clock } from '@heed/kernel';
import { metrics, type Logger } from '@heed/telemetry';
import { MediaSession, type PortRange } from '../media/media-session.js';
import { Pacer } from '../media/pacer.js';
import { type Credentials } from '../sip/digest.js';
import { Listening } from '../speech/listening.js';
import { type Speech } from '../speech/speech.js';
import { type SpokenText } from '../speech/speech-synthesizer.js';
import { SpokenTexts } from '../speech/spoken-texts.js';
import { Turns } from '../speech/turns.js';
import { Registration } from '../sip/registration.js';
import { describeMedia } from '../sip/sdp.js';
import { SipAgent } from '../sip/sip-agent.js';
import { patienceMs, type SipTimers } from '../sip/sip-timers.js';
import { type SipTransport, type TlsOptions } from '../sip/sip-transport.js';
import { StreamTransport } from '../sip/stream-transport.js';
import { UdpTransport } from '../sip/udp-transport.js';
import { bracketed, type TrunkAddress } from '../sip/sip-uri.js';
import {
  type Carrier,
  type CarrierCall,
  type OutgoingCall,
  type Parting,
  type Placed,
  type PlaceGuard,
} from './carrier.js';
import { SipLine, type SipLineParts } from './sip-line.js';

export interface SipTrunk {
  address: TrunkAddress;
  credentials?: Credentials;
  /** The trunk wants to be told where we are. Otherwise it knows us by our address. */
  registers: boolean;
  listen?: { host: string; port: number };
  publicHost?: string;
  secure?: TlsOptions;
  rtpPorts?: PortRange;
  ringMs: number;
  longestMs: number;
  announcement: Int16Array;
  partings: Record<Parting, Int16Array>;
  speech: Speech;
  /** How long the person is listened to once a script has been said. */
  listenMs: number;
  timers: SipTimers;
}

export interface SipCarrierParts {
  trunk: SipTrunk;
  clock: Clock;
  log: Logger;
}

/** Calls that have ended are known for so long, to whoever is late to ask; and no more of them than this. */
const KNOWN_FOR_MS = 600_000;
const MOST_ENDED = 5_000;
/** Utterances that are understood at once, each by a process of its own on a core. */
const AT_ONCE = 2;
const NUMBER = /^\+[1-9]\d{6,14}$/;

/** A SIP trunk, registered or known by its address. Its calls live in this process. */
export class SipCarrier implements Carrier {
  readonly isHere = true;
  private readonly agent: SipAgent;
  private readonly pacer = new Pacer();
  private readonly lines = new Map<string, SipLine>();
  private readonly texts: SpokenTexts;
  private readonly turns = new Turns(AT_ONCE);
  /** Oldest first, with the time from which they may be forgotten. */
  private readonly ended = new Map<string, number>();
  private opening: Promise<SipTransport> | undefined;
  private registration: Registration | undefined;
  private readonly stopMeasuring = metrics.gauge(
    'heed_sip_calls',
    { description: 'Calls of this process that ring or are spoken in' },
    () => this.lines.size - this.ended.size,
  );

  constructor(private readonly parts: SipCarrierParts) {
    const { timers, credentials, address, speech } = parts.trunk;
    this.texts = new SpokenTexts(speech);
    this.agent = new SipAgent(timers, credentials, address.scheme);
  }

  /** Registers, where the trunk wants it. A trunk that is away keeps nobody from starting. */
  async start(): Promise<void> {
    await this.open()
      .then(() => this.registration?.renew())
      .catch((error: unknown) => this.parts.log.warn('the trunk could not be reached', { error }));
  }

  async place(call: OutgoingCall, guard: PlaceGuard): Promise<Placed> {
    if (this.lines.has(call.callId)) return { kind: 'placed' };
    // It stands within a line of the protocol: nothing but a number may.
    if (!NUMBER.test(call.to) || !NUMBER.test(call.from)) return { kind: 'refused', reason: 'invalid' };
    const transport = await this.open()
      .then(async (opened) => opened.ready().then(() => opened))
      .catch((error: unknown) => {
        this.parts.log.warn('the trunk could not be reached', { error });
        return undefined;
      });
    if (!transport) return { kind: 'refused', reason: 'carrier_unavailable' };
    if (this.registration && !this.registration.isCurrent) {
      await this.registration.renew();
      if (!this.registration.isCurrent) return { kind: 'refused', reason: 'not_registered' };
    }
    const spoken = await this.speak(call);
    if (spoken === 'failed') return { kind: 'refused', reason: 'voice_unavailable' };
    const line = await this.lineFor(call, guard, transport, spoken);
    this.lines.set(call.callId, line);
    const placed = await line.begin();
    if (placed.kind === 'withheld' || placed.kind === 'refused') this.forget(call.callId);
    return placed;
  }

  speaks(): boolean {
    return this.parts.trunk.speech.synthesizer !== undefined;
  }

  async state(callId: string): Promise<CarrierCall | undefined> {
    return this.lines.get(callId)?.look();
  }

  async hangUp(callId: string, how?: { saying: Parting }): Promise<CarrierCall | undefined> {
    const line = this.lines.get(callId);
    line?.hangUp(how?.saying);
    return line?.look();
  }

  changed(callId: string): AbortSignal | undefined {
    return this.lines.get(callId)?.changed;
  }

  /** The trunk has none: what is said is kept while it is said. */
  async recording(): Promise<undefined> {
    return undefined;
  }

  async deleteRecording(): Promise<void> {
    return undefined;
  }

  /** Whoever is still in a call is told that it is over. */
  async close(): Promise<void> {
    for (const line of this.lines.values()) line.hangUp();
    await this.registration?.close();
    for (const callId of [...this.lines.keys()]) this.forget(callId);
    this.stopMeasuring();
    this.texts.clear();
    this.parts.trunk.speech.recognizer?.close?.();
    this.pacer.stop();
    await (await this.opening?.catch(() => undefined))?.close();
  }

  /** Before a phone rings: nobody is to take up a call that has nothing to say. */
  private async speak({ callId, spoken }: OutgoingCall): Promise<Int16Array | undefined | 'failed'> {
    if (!spoken) return undefined;
    try {
      return await this.texts.speak(spoken);
    } catch (error) {
      this.parts.log.error('a script could not be spoken', { callId, error });
      return 'failed';
    }
  }

  private async lineFor(
    { callId, to, from, keep, spoken: text }: OutgoingCall,
    guard: PlaceGuard,
    { host }: SipTransport,
    spoken: Int16Array | undefined,
  ): Promise<SipLine> {
    const { trunk, clock } = this.parts;
    const { listen, rtpPorts, ringMs, longestMs, listenMs, announcement, partings, address } = trunk;
    const media = await MediaSession.open({
      ...{ host: listen?.host ?? host, pacer: this.pacer, ...(rtpPorts && { ports: rtpPorts }) },
      onKey: (key) => this.lines.get(callId)?.press(key),
      onSound: (samples) => this.lines.get(callId)?.sound(samples),
    });
    const at = `${bracketed(address.host)}:${address.port}`;
    const { scheme, transport } = address;
    const way = transport === 'udp' || scheme === 'sips' ? '' : `;transport=${transport}`;
    const line: SipLine = new SipLine({
      ...{ agent: this.agent, clock, guard, ringMs, longestMs, listenMs, announcement, partings },
      ...{ media, ...(keep && { keep }), ...(spoken && { spoken }), ...this.listeningTo(text) },
      uri: `${scheme}:${to}@${at}${way}`,
      from: `<${scheme}:${from}@${at}>`,
      sdp: describeMedia(host, media.port, media.port),
    });
    const watch = (): void => {
      if (line.isOver) this.retire(callId, line);
      else line.changed.addEventListener('abort', watch, { once: true });
    };
    watch();
    return line;
  }

  /** Where a machine speaks: whoever else is in a call is heard by a member. */
  private listeningTo(text: SpokenText | undefined): Pick<SipLineParts, 'listen'> {
    const { trunk, log } = this.parts;
    const { recognizer } = trunk.speech;
    if (!text || !recognizer?.languages.has(text.language)) return {};
    const { turns } = this;
    return { listen: (onHeard) => new Listening({ recognizer, turns, log, onHeard }) };
  }

  /** An ended call is answered about for a while, and late answers to it are heard. */
  private retire(callId: string, line: SipLine): void {
    if (this.lines.get(callId) !== line) return;
    const nowMs = performance.now();
    this.ended.set(callId, nowMs + Math.max(KNOWN_FOR_MS, patienceMs(this.parts.trunk.timers)));
    for (const [oldest, forgetMs] of this.ended) {
      if (this.ended.size <= MOST_ENDED && forgetMs > nowMs) break;
      this.forget(oldest);
    }
  }

  private forget(callId: string): void {
    this.lines.get(callId)?.close();
    this.lines.delete(callId);
    this.ended.delete(callId);
  }

  private open(): Promise<SipTransport> {
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async connect(): Promise<SipTransport> {
    const { address, listen, publicHost, secure, registers, credentials } = this.parts.trunk;
    const options = {
      ...{ host: address.host, port: address.port, onMessage: this.agent.onMessage },
      ...(listen && { listen }),
      ...(publicHost && { publicHost }),
      ...(secure && { secure }),
    };
    const transport =
      address.transport === 'udp'
        ? await UdpTransport.open(options)
        : await StreamTransport.open(address.transport === 'tcp' ? 'TCP' : 'TLS', options);
    this.agent.transport = transport;
    if (registers) {
      const registrar = `${address.scheme}:${bracketed(address.host)}:${address.port}`;
      const record = `${address.scheme}:${credentials?.username ?? 'heed'}@${bracketed(address.host)}`;
      this.registration = new Registration({ agent: this.agent, registrar, record, log: this.parts.log });
    }
    return transport;
  }
}
