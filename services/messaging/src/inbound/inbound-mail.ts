import { type DeliveryState } from '../bounces/bounce-class.js';
import { type AddressKind } from './inbound-address.js';

/** What a mail that came back is, once it was read. What a machine wrote and says nothing is not kept at all. */
export type InboundKind = 'bounce' | 'complaint' | 'answer' | 'doubt' | 'opt_out';

/** By which way it came: an address of ours, or a mail provider's webhook. */
export type InboundWay = AddressKind | 'provider';

/** What an opt-out is about. Empty: every channel, every purpose; or ALL_OUTREACH, all that may be refused. */
export interface Scope {
  channel: 'email' | '';
  purpose: string;
}

export interface InboundMail {
  mailId: string;
  contactId: string;
  /** False: nobody can be named; the id is this mail's own. */
  isKnown: boolean;
  attemptId: string | undefined;
  addressKind: InboundWay;
  kind: InboundKind;
  scope: Scope;
  delivery: DeliveryState | undefined;
  code: string;
  /** Sealed; undefined once nothing is to be read in it any more. */
  raw: Buffer | undefined;
  receivedAt: Date;
  expiresAt: Date;
}

/** Where the sealed mail stands: part of what the seal binds. */
export const placeOfMail = (mailId: string) => ({ table: 'inbound_mail', row: mailId, column: 'raw' });

/** What is to be done about it by itself, after it was answered for. */
export function needsWork(kind: InboundKind): boolean {
  return kind === 'bounce' || kind === 'complaint' || kind === 'opt_out';
}

/** Why nobody writes while it is so. */
export function denialOf(kind: InboundKind): 'opt_out' | 'doubt' | undefined {
  if (kind === 'opt_out' || kind === 'complaint') return 'opt_out';
  return kind === 'doubt' ? 'doubt' : undefined;
}
