import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { datarightsV1 } from '@heed/contracts';
import { DomainError, NIL_UUID, SigningKey, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller } from '@heed/rpc';
import { DataRights } from './data-rights.js';
import { manifestBytes, signManifest } from './manifest-stores.js';
import { openingToWire, receiptToWire } from './receipt.js';
import { readStatement } from './statement.js';
import { LogWitness } from './witness/log-witness.js';
import { sweepToWire } from './sweep/sweep-messages.js';

/** What every service serves to privacy. */
@Controller()
@datarightsV1.DataRightsServiceControllerMethods()
export class DataRightsGrpc {
  constructor(
    private readonly dataRights: DataRights,
    private readonly work: UnitOfWork,
    private readonly signing: SigningKey,
    private readonly witness: LogWitness,
  ) {}

  getManifest(): datarightsV1.GetManifestResponse {
    const { manifest } = this.dataRights;
    return {
      service: manifest.service,
      version: manifest.version,
      manifest: manifestBytes(manifest),
      signature: signManifest(manifest, this.signing),
      keyId: this.signing.keyId,
    };
  }

  getReceipt(
    @Payload() { batchId }: datarightsV1.GetReceiptRequest,
    @FromCaller() caller: Caller,
  ): Promise<datarightsV1.GetReceiptResponse> {
    const { receipts } = this.dataRights;
    return this.work.run(caller.tenantId, async (tx) => {
      const receipt = await receipts.find(tx, batchId);
      if (!receipt) throw new DomainError('RECEIPT_NOT_FOUND', 'not-found');
      const openings = await receipts.openings(tx, batchId);
      return {
        receipt: receiptToWire(receipt),
        openings: openings.map((opening) => openingToWire(opening, readStatement(opening.statement).entries)),
      };
    });
  }

  fetchExport(
    @Payload() { orderId }: datarightsV1.FetchExportRequest,
    @FromCaller() caller: Caller,
  ): AsyncIterable<datarightsV1.FetchExportResponse> {
    return this.dataRights.handOut.pieces(caller.tenantId, orderId);
  }

  /** Of all tenants: nobody asks in the name of one. */
  async *runSweep(
    @Payload() { sweepId }: datarightsV1.RunSweepRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<datarightsV1.RunSweepResponse> {
    if (caller.tenantId !== NIL_UUID) throw new DomainError('SWEEP_NOT_FOUND', 'not-found');
    yield* sweepToWire(this.dataRights.sweeps.run(sweepId));
  }

  async destroyExport(
    @Payload() { orderId }: datarightsV1.DestroyExportRequest,
    @FromCaller() caller: Caller,
  ): Promise<datarightsV1.DestroyExportResponse> {
    return { destroyed: await this.dataRights.handOut.destroy(caller.tenantId, orderId) };
  }

  async witnessCheckpoint(
    @Payload() { oldSize, ...offer }: datarightsV1.WitnessCheckpointRequest,
  ): Promise<datarightsV1.WitnessCheckpointResponse> {
    const witnessed = await this.witness.witness({ ...offer, oldSize: Number(oldSize) });
    return { ...witnessed, keyId: this.signing.keyId };
  }

  async getWitnessedCheckpoint(): Promise<datarightsV1.GetWitnessedCheckpointResponse> {
    const known = await this.witness.known();
    return { checkpoint: known?.note ?? '', vkey: known?.vkey ?? '' };
  }
}
