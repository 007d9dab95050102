import { randomBytes } from 'node:crypto';
import { answerName, type StoreAnswer } from '@heed/data-rights';
import { type Manifest } from '@heed/data-map';
import { canonicalJson, leafHash } from '@heed/kernel';

/** Who stands behind a store, and how they are told. */
export interface Processor {
  store: string;
  name: string;
  how: 'OPENDSR' | 'PERSON';
  url: string;
  domain: string;
  /** PEM: whose signatures are believed. */
  certificate: string;
  regulation: 'gdpr' | 'ccpa';
  contact: string;
}

/** NOT_TOLD keeps the request open. What follows are the words of OpenDSR; only COMPLETED says that anything is gone. */
export type ProcessorState = 'NOT_TOLD' | 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
export type Channel = 'email' | 'voice';

export interface ProcessorOrder {
  processorOrderId: string;
  requestId: string;
  store: string;
  name: string;
  channels: Channel[];
  handedOver: number;
  state: ProcessorState;
  saidBy: 'PROCESSOR' | 'PERSON' | null;
  reference: string;
  createdAt: Date;
  toldAt: Date | null;
  expectedBy: Date | null;
  answeredAt: Date | null;
  problem: string;
  failures: number;
  needsPerson: boolean;
}

/** What somebody has said about an order. */
export interface ProcessorWord {
  state: Exclude<ProcessorState, 'NOT_TOLD'>;
  saidBy: 'PROCESSOR' | 'PERSON';
  reference: string;
  expectedBy: Date | null;
  /** SHA-256 of the answer that the processor signed, in hex; empty where a person says it. */
  digest: string;
}

/** Nothing more is to be expected of it. */
export function isFinal({ state }: Pick<ProcessorOrder, 'state'>): boolean {
  return state === 'COMPLETED' || state === 'CANCELLED';
}

/** Whether this says something new: what is merely repeated is no leaf of the log. */
export function isNews(order: ProcessorOrder, word: ProcessorWord): boolean {
  return (
    order.state !== word.state ||
    order.reference !== word.reference ||
    order.saidBy !== word.saidBy ||
    order.expectedBy?.getTime() !== word.expectedBy?.getTime()
  );
}

/** Orders for the processors that these answers name, each with what of a person it can know. */
export function ordersFor(
  manifest: Manifest,
  entries: readonly StoreAnswer[],
): Pick<ProcessorOrder, 'store' | 'channels' | 'handedOver'>[] {
  return entries
    .filter(({ outcome }) => outcome === 'AT_PROCESSOR')
    .map(({ store, count }) => ({
      ...{ store, handedOver: count },
      channels: channelsOf(manifest, store),
    }));
}

/** SPEC: OpenDSR 2.0: a UUID of version 4, which tells nothing of when and for whom it was made. */
export function numberFrom(keyedHash: Buffer): string {
  const bytes = Buffer.from(keyedHash.subarray(-16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Data minimised: a mail provider learns no number, a carrier no address. */
function channelsOf(manifest: Manifest, store: string): Channel[] {
  const declared = manifest.stores.find((entry) => answerName(manifest.service, entry) === store);
  const categories = declared?.kind === 'processor' ? declared.categories : [];
  return [
    ...(categories.includes('user.contact.email') ? (['email'] as const) : []),
    ...(categories.includes('user.contact.phone_number') ? (['voice'] as const) : []),
  ];
}

export interface ProcessorAnswer {
  statement: Buffer;
  salt: Buffer;
}

/** Described in docs/certificate.md. */
export function answerStatement(
  tenantId: string,
  subjectId: string,
  order: Pick<ProcessorOrder, 'requestId' | 'store' | 'name'>,
  word: ProcessorWord,
  { toldAt, at }: { toldAt: Date; at: Date },
): ProcessorAnswer {
  const statement = Buffer.from(
    canonicalJson({
      answer: word.digest,
      at: at.toISOString(),
      expected_by: word.expectedBy?.toISOString() ?? '',
      format: 'heed processor v1',
      name: order.name,
      reference: word.reference,
      request: order.requestId,
      said_by: word.saidBy,
      service: order.store.slice(0, order.store.indexOf('.')),
      state: word.state,
      store: order.store,
      subject: subjectId,
      tenant: tenantId,
      told_at: toldAt.toISOString(),
    }),
  );
  return { statement, salt: randomBytes(32) };
}

export function answerLeaf({ statement, salt }: ProcessorAnswer): Buffer {
  const commitment = leafHash(Buffer.concat([salt, statement])).toString('base64');
  return Buffer.from(canonicalJson({ commitment, type: 'processor_answer' }));
}

const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;
const LONGEST_POLL_MS = 6 * 3_600_000;

/** 5 s, doubling to an hour, for as long as it takes: an erasure that was not passed on keeps its request open. */
export function pauseAfterFailures(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(failures, 20), LONGEST_MS);
}

/** As long again as it has been told already, a minute at least, six hours at most. */
export function pauseUntilAsked(toldAt: Date, now: Date): number {
  return Math.min(Math.max(now.getTime() - toldAt.getTime(), 60_000), LONGEST_POLL_MS);
}
