import { type SipMessage } from './sip-message.js';

/** Called for every message that could be read. `reply` answers on the way it came. */
export type OnMessage = (message: SipMessage, reply: (answer: Buffer) => void) => void;

/** The way to a trunk. Everything goes through it, within dialogs too: the trunk is our outbound proxy. */
export interface SipTransport {
  readonly protocol: 'UDP' | 'TCP' | 'TLS';
  /** What is written arrives, or the connection breaks: nothing is repeated by us. */
  readonly isReliable: boolean;
  /** Our own side, as the trunk reaches it. */
  readonly host: string;
  readonly port: number;
  /** Throws where the trunk cannot be reached. Takes as long as it takes, and so comes before any check. */
  ready(): Promise<void>;
  /** A write now would leave this process at once: it stands, and nothing waits before it. */
  isClear(): boolean;
  /** Written before it returns where `isClear`. What a broken connection does not take is lost. */
  send(message: Buffer): void;
  close(): Promise<void>;
}

/** Over TLS: whom we take for the trunk. */
export interface TlsOptions {
  /** Certificates (PEM) of those who may vouch for it; the system's where absent. */
  ca?: string;
  /** False: anybody is taken for it. For a trial, on a network of one's own. */
  verify: boolean;
}

export interface TransportOptions {
  /** Of the trunk. */
  host: string;
  port: number;
  /** Own address and port to listen on; the one that leads to the trunk and any port where absent. */
  listen?: { host: string; port: number };
  /** How the trunk reaches us where that differs: behind a translation of addresses. */
  publicHost?: string;
  secure?: TlsOptions;
  onMessage: OnMessage;
}
