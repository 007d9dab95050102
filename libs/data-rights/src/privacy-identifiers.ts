import { privacyV1 } from '@heed/contracts';
import { type RpcClients } from '@heed/rpc';
import { type AskIdentifiers, type Identifier } from './probe-forms.js';

/** Asks privacy, which has them sealed while the request is open and notes who asked. */
export class PrivacyIdentifiers implements AskIdentifiers {
  constructor(private readonly clients: RpcClients) {}

  async ofHandles(tenantId: string, handles: readonly string[]): Promise<Map<string, Identifier[]>> {
    const requests = this.clients.of(privacyV1.RequestsServiceService, 'privacy');
    const { people } = await requests.batchGetIdentifiers(
      { handles: [...handles] },
      { tenantId, timeoutMs: 20_000 },
    );
    return new Map(
      people.map(({ handle, emails, phones }) => [
        handle,
        [
          ...emails.map((address): Identifier => ({ channel: 'email', address })),
          ...phones.map((address): Identifier => ({ channel: 'voice', address })),
        ],
      ]),
    );
  }
}
