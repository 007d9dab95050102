import { datarightsV1, privacyV1 } from '@heed/contracts';
import {
  actionFromWire,
  answer,
  receiptToWire,
  signReceipt,
  type Receipt,
  type StoreAnswer,
} from '@heed/data-rights';
import { canonicalJson, newId, NIL_UUID, sha256, SigningKey, systemClock } from '@heed/kernel';
import { ServiceTokenMint } from '@heed/rpc';
import { type Town } from './town.js';

const { ParticipantsServiceService } = privacyV1;

export interface Delivered {
  position: number;
  tenantId: string;
  batch: datarightsV1.OrderBatch;
}

/** A service of somebody else's, with one table, that does as the spec says. */
export class Outsider {
  key = SigningKey.generate();
  /** Those of its stores that it has taken out since. */
  readonly retired: string[] = [];
  /** It says that its stores are copies of what can be corrected. */
  copies = false;
  private mint: ServiceTokenMint;

  constructor(
    private readonly town: Town,
    readonly name: string,
    readonly stores: string[] = ['member'],
  ) {
    this.mint = new ServiceTokenMint(name, this.key, systemClock);
  }

  async enrol(tenantIds: string[] = []): Promise<privacyV1.EnrolParticipantResponse> {
    const operator = await operatorOf(this.town);
    return operator.enrolParticipant({ name: this.name, publicKey: this.key.publicKey, tenantIds });
  }

  async client(tenantId: string = NIL_UUID) {
    const token = await this.mint.tokenFor('privacy', tenantId);
    return (await this.town.cluster.asMember('privacy', { token })).of(ParticipantsServiceService);
  }

  /** From here on it signs, and calls, with this key. */
  goOnWith(key: SigningKey): void {
    this.key = key;
    this.mint = new ServiceTokenMint(this.name, key, systemClock);
  }

  keyChange(
    next: SigningKey,
    by = this.key,
    previous = this.key.keyId,
  ): privacyV1.ChangeParticipantKeyRequest {
    const change = Buffer.from(
      canonicalJson({
        ...{ format: 'heed key change v1', key: Buffer.from(next.publicKey).toString('base64') },
        ...{ previous_key: previous, service: this.name },
      }),
    );
    const signed = Buffer.concat([Buffer.from('heed key change v1\n'), change]);
    return { change, signature: by.sign(signed), newSignature: next.sign(signed) };
  }

  remains(): Record<string, unknown>[] {
    return this.stores.map((name) => ({
      ...{ store: `${this.name}.${name}`, what: 'EMPTIED', count: 0, to: '', ground: '', until: '' },
    }));
  }

  retirement(
    manifest: string,
    remains: readonly object[],
    key = this.key,
  ): privacyV1.RetireParticipantRequest {
    const retirement = Buffer.from(
      canonicalJson({
        ...{ at: systemClock.now().toISOString(), format: 'heed retirement v2', manifest, remains },
        service: this.name,
      }),
    );
    const signature = key.sign(Buffer.concat([Buffer.from('heed retirement v2\n'), retirement]));
    return { retirement, signature, keyId: this.key.keyId };
  }

  manifest(stores = this.stores): Buffer {
    return Buffer.from(
      canonicalJson({
        format: 1,
        service: this.name,
        stores: stores.map((name) =>
          this.retired.includes(name)
            ? { kind: 'retired', name, description: 'gone', was: 'table', since: '2026-11-27' }
            : {
                ...{ kind: 'table', of: 'subject', name, description: 'points', onErasure: 'delete' },
                categories: ['user.contact.email'],
                ...(this.copies && { onCorrection: 'correct' }),
              },
        ),
      }),
    );
  }

  async register(manifest = this.manifest()): Promise<privacyV1.RegisterManifestResponse> {
    const signature = this.key.sign(Buffer.concat([Buffer.from('heed manifest v1\n'), manifest]));
    return (await this.client()).registerManifest({ manifest, signature, keyId: this.key.keyId });
  }

  /** The first batch after this position of which it is so. */
  async pulled(after: number, isIt: (given: Delivered) => boolean = () => true): Promise<Delivered> {
    for await (const { position, tenantId, orders } of (await this.client()).pullOrders({
      after: BigInt(after),
    })) {
      const given = {
        position: Number(position),
        tenantId,
        batch: datarightsV1.OrderBatch.decode(orders!.batch),
      };
      if (isIt(given)) return given;
    }
    throw new Error('the stream has ended');
  }

  /** A receipt of one batch; what it says of each order is for the spec to spoil. */
  sign(
    { tenantId, batch }: Delivered,
    {
      entries = this.answers(batch),
      at = systemClock.now(),
      key = this.key,
      batchId = batch.batchId,
    }: { entries?: StoreAnswer[]; at?: Date; key?: SigningKey; batchId?: string } = {},
  ): privacyV1.SubmitReceiptRequest {
    const action = actionFromWire(batch.action);
    const manifest = sha256(this.manifest()).toString('hex');
    const { receipt, openings } = signReceipt(
      { receiptId: newId(), batchId, service: this.name, action, manifestVersion: manifest, signedAt: at },
      batch.orders.map(({ requestId, orderId, orderNumber, subjectId }) => ({
        ...{ tenantId, requestId, orderId, orderNumber: Number(orderNumber), action, subjectId },
        ...{ service: this.name, manifest, entries, at },
      })),
      key,
    );
    return toRequest(receipt, openings);
  }

  async submit(tenantId: string, request: privacyV1.SubmitReceiptRequest): Promise<number> {
    return Number((await (await this.client(tenantId)).submitReceipt(request)).leafIndex);
  }

  /** Pulls and answers as it should, until that many batches are answered. */
  async answer(after: number, batches: number): Promise<number> {
    let at = after;
    for (let n = 0; n < batches; n += 1) {
      const given = await this.pulled(at);
      await this.submit(given.tenantId, this.sign(given));
      at = given.position;
    }
    return at;
  }

  private answers(batch: datarightsV1.OrderBatch): StoreAnswer[] {
    const erases = batch.action === datarightsV1.Action.ACTION_ERASE;
    return this.stores.map((name) => {
      const store = `${this.name}.${name}`;
      if (!erases) return answer(store, 'PROBED_CLEAN');
      return this.retired.includes(name)
        ? answer(store, 'NOTHING_HELD')
        : answer(store, 'ERASED', { count: 1 });
    });
  }
}

function toRequest(
  receipt: Receipt,
  openings: ReturnType<typeof signReceipt>['openings'],
): privacyV1.SubmitReceiptRequest {
  return {
    receipt: receiptToWire(receipt),
    openings: openings.map((opening) => ({ ...opening, entries: [] })),
  };
}

export async function operatorOf(town: Town) {
  const token = await town.cluster.operatorToken();
  return (await town.cluster.asMember('privacy', { token })).of(ParticipantsServiceService);
}
