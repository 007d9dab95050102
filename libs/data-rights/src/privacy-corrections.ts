import { privacyV1 } from '@heed/contracts';
import { type RpcClients } from '@heed/rpc';
import { correctionFromWire, type AskCorrections, type Correction } from './corrections.js';

/** Asks privacy, which has the values sealed while the request is open and notes who asked. */
export class PrivacyCorrections implements AskCorrections {
  constructor(private readonly clients: RpcClients) {}

  async ofHandle(tenantId: string, handle: string): Promise<Correction[]> {
    const requests = this.clients.of(privacyV1.RequestsServiceService, 'privacy');
    const { corrections } = await requests.getCorrections({ handle }, { tenantId, timeoutMs: 20_000 });
    return corrections.map(correctionFromWire);
  }
}
