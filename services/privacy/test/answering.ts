import { createHash } from 'node:crypto';
import { contactsV1, datarightsV1, OrdersIssued, typesV1 } from '@heed/contracts';
import { asItWas, manifestOf, Personal, SubjectData, type Manifest } from '@heed/data-map';
import {
  answer,
  answerNames,
  manifestBytes,
  receiptToWire,
  signManifest,
  signReceipt,
  type ActionName,
  type Opening,
  type Receipt,
  type StoreAnswer,
} from '@heed/data-rights';
import { newId, SigningKey, type Clock } from '@heed/kernel';
import { entityShapes } from '@heed/postgres';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('person')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: 'correct' })
class Person {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') contactId!: string;
  @Column('text')
  @Personal({ category: 'user.contact.email', purpose: 'marketing.communications.email' })
  email!: string;
}

const ROWS = Buffer.from(JSON.stringify({ rows: [{ email: 'ada@example.org' }] }));
const DIGEST = createHash('sha256').update(ROWS).digest('hex');

const SAYS: Partial<Record<datarightsV1.Action, [ActionName, (store: string) => StoreAnswer]>> = {
  [datarightsV1.Action.ACTION_ERASE]: ['ERASE', (store) => answer(store, 'ERASED', { count: 1 })],
  [datarightsV1.Action.ACTION_PROBE]: [
    'PROBE',
    (store) => answer(store, 'PROBED_CLEAN', { detail: 'by_id' }),
  ],
  [datarightsV1.Action.ACTION_ACCESS]: [
    'ACCESS',
    (store) => answer(store, 'EXPORTED', { count: 1, digest: DIGEST }),
  ],
  [datarightsV1.Action.ACTION_RESTRICT]: ['RESTRICT', (store) => answer(store, 'RESTRICTED', { count: 1 })],
  [datarightsV1.Action.ACTION_LIFT]: ['LIFT', (store) => answer(store, 'LIFTED', { count: 1 })],
  [datarightsV1.Action.ACTION_CORRECT]: ['CORRECT', (store) => answer(store, 'CORRECTED', { count: 1 })],
};

@Entity('diary')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('diary_as_kept') })
class Diary {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') contactId!: string;
  @Column('text')
  @Personal({ category: 'user.content.private', purpose: 'essential.service' })
  page!: string;
}

/** contacts as privacy sees it, with one table: it never dies, signs what it answers, and remembers what it was asked. */
export class Answering {
  readonly key = SigningKey.generate();
  /** Requests for which contact is stopped. */
  readonly stopped = new Set<string>();
  /** Each call that lifted stops. */
  readonly lifts: string[][] = [];
  private readonly answers = new Map<string, { receipt: Receipt; openings: Opening[] }>();
  private readonly destroyed = new Set<string>();

  /** What the replica works by that answers, and by what is done. */
  readonly worksBy: Manifest;
  worksByAction: (action: ActionName) => Manifest;

  private constructor(
    /** What it declares. */
    public manifest: Manifest,
    /** What it will declare once it is deployed anew. */
    readonly next: Manifest,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.worksBy = manifest;
    this.worksByAction = () => manifest;
  }

  static async open(clock: Pick<Clock, 'now'>): Promise<Answering> {
    const of = async (...entities: Parameters<typeof entityShapes>[0]) =>
      manifestOf({ service: 'contacts', entities: await entityShapes(entities), stores: [] });
    return new Answering(await of(Person), await of(Person, Diary), clock);
  }

  /** By the names of the contracts. */
  readonly rpc: Record<string, (request: never) => Promise<unknown>> = {
    checkCorrections: async ({ corrections }: contactsV1.CheckCorrectionsRequest) => ({
      corrections: corrections.map((one) => ({ ...one, previous: 'ada@example.org' })),
    }),
    stopPermits: async ({ contactIds, requestIds }: contactsV1.StopPermitsRequest) => {
      for (const requestId of requestIds) this.stopped.add(requestId);
      const address = { address: 'ada@example.org', channel: typesV1.Channel.CHANNEL_EMAIL };
      return { addresses: contactIds.map((contactId) => ({ contactId, ...address })) };
    },
    liftStops: async ({ requestIds }: contactsV1.LiftStopsRequest) => {
      this.lifts.push(requestIds);
      for (const requestId of requestIds) this.stopped.delete(requestId);
      return { lifted: requestIds.length };
    },
    getManifest: async () => ({
      ...{ service: 'contacts', version: this.manifest.version, keyId: this.key.keyId },
      manifest: manifestBytes(this.manifest),
      signature: signManifest(this.manifest, this.key),
    }),
    getReceipt: async ({ batchId }: datarightsV1.GetReceiptRequest) => {
      const { receipt, openings } = this.answers.get(batchId)!;
      return {
        receipt: receiptToWire(receipt),
        openings: openings.map((opening) => datarightsV1.ReceiptOpening.fromPartial(opening)),
      };
    },
    // A stream: what is destroyed is not handed out again.
    fetchExport: async ({ orderId }: datarightsV1.FetchExportRequest) =>
      this.destroyed.has(orderId)
        ? []
        : answerNames(this.manifest).map((name) => ({
            store: name,
            ...{ mediaType: 'application/json', name: '', chunk: ROWS },
          })),
    destroyExport: async ({ orderId }: datarightsV1.DestroyExportRequest) => {
      this.destroyed.add(orderId);
      return {};
    },
  };

  isDestroyed(orderId: string): boolean {
    return this.destroyed.has(orderId);
  }

  /** Who is asked twice says the same. */
  carryOut({ batch }: datarightsV1.OrdersIssued): datarightsV1.Receipt {
    const { batchId, tenantId, orders, action } = datarightsV1.OrderBatch.decode(batch);
    const known = this.answers.get(batchId);
    if (known) return receiptToWire(known.receipt);
    const [name, say] = SAYS[action]!;
    const at = this.clock.now();
    const worksBy = this.worksByAction(name);
    const head = { service: 'contacts', manifestVersion: worksBy.version };
    const statements = orders.map(({ orderId, requestId, subjectId, orderNumber }) => ({
      ...{ tenantId, requestId, orderId, subjectId, orderNumber: Number(orderNumber), action: name, at },
      ...{ service: 'contacts', manifest: worksBy.version },
      entries: answerNames(worksBy).map(say),
    }));
    const signed = signReceipt(
      { receiptId: newId(), batchId, action: name, signedAt: at, ...head },
      statements,
      this.key,
    );
    this.answers.set(batchId, signed);
    return receiptToWire(signed.receipt);
  }
}

export function issuedIn(payload: Buffer): datarightsV1.OrdersIssued {
  return OrdersIssued.codec.decode(payload);
}
