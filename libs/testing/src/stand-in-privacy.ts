import { datarightsV1, identityV1, OrdersIssued, ReceiptSigned, type ServiceName } from '@heed/contracts';
import { MANIFEST, type Manifest } from '@heed/data-map';
import { signOrders } from '@heed/data-rights';
import { type Clock, newId, NIL_UUID, SigningKey, systemClock } from '@heed/kernel';
import { RpcClients } from '@heed/rpc';
import { type Cluster } from './cluster.js';

const { Action, SubjectKind } = datarightsV1;

/** Takes the place of privacy where a spec is about what a service does with its orders: real keys, real signatures. */
export class StandInPrivacy {
  /** Whether those who are erased also object to being contacted ever again. */
  objects = false;
  private readonly key = SigningKey.generate();
  private orderNumber = 0n;

  private constructor(
    private readonly cluster: Cluster,
    private readonly service: ServiceName,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Makes its key known, by way of the service whose answers the spec is about. */
  static async join(
    cluster: Cluster,
    service: ServiceName,
    { registrationSecret = '', clock = systemClock } = {},
  ): Promise<StandInPrivacy> {
    const privacy = new StandInPrivacy(cluster, service, clock);
    const { publicKey } = privacy.key;
    const tokens = cluster.service(service).get(RpcClients).of(identityV1.TokensServiceService, 'identity');
    await tokens.registerServiceKey(
      {
        ...{ service: 'privacy', publicKey, endorsement: Buffer.alloc(0) },
        proof: privacy.key.sign(Buffer.from('heed service key:privacy')),
      },
      { tenantId: NIL_UUID, metadata: { 'heed-registration': registrationSecret } },
    );
    return privacy;
  }

  /** Orders the erasure of people and returns the service's receipt once it is there. */
  async erase(
    tenantId: string,
    kind: 'contact' | 'member',
    ...subjectIds: string[]
  ): Promise<datarightsV1.ReceiptSigned> {
    const batchId = newId();
    const subjectKind =
      kind === 'member' ? SubjectKind.SUBJECT_KIND_MEMBER : SubjectKind.SUBJECT_KIND_CONTACT;
    const { version } = this.cluster.service(this.service).get<Manifest>(MANIFEST);
    const batch: datarightsV1.OrderBatch = {
      ...{ batchId, tenantId, action: Action.ACTION_ERASE, issuedAt: this.clock.now().toISOString() },
      manifests: { [this.service]: version },
      orders: subjectIds.map((subjectId) => ({
        ...{
          orderId: newId(),
          requestId: newId(),
          orderNumber: (this.orderNumber += 1n),
          subjectId,
          subjectKind,
        },
        ...{ aliases: [], handle: '', objects: this.objects, corrects: false },
      })),
    };
    await this.cluster.publish(tenantId, OrdersIssued, signOrders(batch, this.key));
    for (;;) {
      const receipts = await this.cluster.published(ReceiptSigned[this.service]);
      const receipt = receipts.find((candidate) => candidate.batchId === batchId);
      if (receipt) return receipt;
    }
  }
}
