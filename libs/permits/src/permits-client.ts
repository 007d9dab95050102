import { type contactsV1 } from '@heed/contracts';

/** What the desk calls. RpcClients gives questions a channel of their own, without retries (ATTACKS 2.9). */
export interface PermitsClient {
  batchIssuePermits(
    request: contactsV1.BatchIssuePermitsRequest,
    options: { tenantId: string; timeoutMs: number },
  ): Promise<contactsV1.BatchIssuePermitsResponse>;
  returnPermits(
    request: contactsV1.ReturnPermitsRequest,
    options: { tenantId: string },
  ): Promise<contactsV1.ReturnPermitsResponse>;
}
