import { privacyV1, typesV1 } from '@heed/contracts';
import { NIL_UUID } from '@heed/kernel';
import { type RpcClients } from '@heed/rpc';
import { type AskNeedles, type Sought } from './run-sweeps.js';

/** Privacy asks contacts first who of them lives. */
const WITHIN_MS = 120_000;

/** Asks privacy, which has them sealed until the sweep is over and notes in each tenant who asked. */
export class PrivacyNeedles implements AskNeedles {
  constructor(private readonly clients: RpcClients) {}

  async ofSweep(sweepId: string): Promise<Sought[]> {
    const sweeps = this.clients.of(privacyV1.SweepsServiceService, 'privacy');
    const sought: Sought[] = [];
    const asking = { tenantId: NIL_UUID, timeoutMs: WITHIN_MS };
    for await (const { people } of sweeps.streamNeedles({ sweepId }, asking)) {
      for (const { tenantId, requestId, subjectId, addresses } of people) {
        sought.push({
          ...{ tenantId, requestId, subjectId },
          addresses: addresses.map(({ channel, address, living }) => ({
            channel: channel === typesV1.Channel.CHANNEL_EMAIL ? 'email' : 'voice',
            ...{ address, living },
          })),
        });
      }
    }
    return sought;
  }
}
