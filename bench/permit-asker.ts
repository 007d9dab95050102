import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId, SigningKey, systemClock } from '@heed/kernel';
import { type Cluster } from '@heed/launcher';
import { RpcClients, ServiceTokenMint } from '@heed/rpc';
import { PURPOSE } from './people.js';

/** Asks contacts for permits as messaging does, with messaging's own key: nobody else is given any. */
export class PermitAsker {
  private readonly clients: RpcClients;
  private readonly permits;

  constructor(
    { dataDir, run }: Cluster,
    private readonly tenantId: string,
  ) {
    const key = SigningKey.load(join(dataDir, 'keys', 'messaging.pem'), { create: false });
    this.clients = new RpcClients({
      targetOf: () => `dns:///${run.services.contacts.grpc}`,
      ...{ mint: new ServiceTokenMint('messaging', key, systemClock), clock: systemClock },
    });
    this.permits = this.clients.of(contactsV1.PermitsServiceService, 'contacts');
  }

  /** One batch; throws where anybody is denied. */
  async ask(contactIds: readonly string[]): Promise<contactsV1.Permit[]> {
    const asks = contactIds.map((contactId) => ({
      ...{ attemptId: newId(), contactId, purpose: PURPOSE, templateFields: ['first_name'], tracking: false },
      ...{ channel: typesV1.Channel.CHANNEL_EMAIL, sender: 'news@acme.example' },
      nonce: randomBytes(16),
    }));
    const { answers } = await this.permits.batchIssuePermits({ asks }, { tenantId: this.tenantId });
    const permits = answers.flatMap(({ answer }) => (answer?.$case === 'permit' ? [answer.value] : []));
    if (permits.length < asks.length)
      throw new Error(`${asks.length - permits.length} of ${asks.length} denied`);
    return permits;
  }

  close(): void {
    this.clients.close();
  }
}
