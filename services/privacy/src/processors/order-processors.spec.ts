import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Statement } from '@heed/data-rights';
import { processorOrdersOf } from './order-processors.js';

const manifest = { format: 1, service: 'telephony', version: 'a', stores: [] } as const;
const hashes = (key: string) => ({
  first: async (tenantId: string, purpose: string, values: readonly string[]) =>
    values.map((value) => createHmac('sha256', key).update(`${tenantId} ${purpose} ${value}`).digest()),
});

async function numberOf(key: string, tenantId: string, requestId: string): Promise<string | undefined> {
  const entries = [{ store: 'telephony.wire', outcome: 'AT_PROCESSOR', count: 1 }];
  const statement = { action: 'ERASE', requestId, entries } as unknown as Statement;
  const asked = await processorOrdersOf(hashes(key), tenantId, { ...manifest, stores: [] }, [statement]);
  return asked[0]?.processorOrderId;
}

describe('the number by which a processor is told', () => {
  it('is the same for a privacy that was put back, and leads to nobody without its key', async () => {
    const number = await numberOf('k', 't', 'r');
    // SPEC: OpenDSR 2.0: a UUID of version 4.
    expect(number).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await numberOf('k', 't', 'r')).toBe(number);
    for (const [key, tenant, request] of [
      ['other', 't', 'r'],
      ['k', 'other', 'r'],
      ['k', 't', 'other'],
    ] as const)
      expect(await numberOf(key, tenant, request)).not.toBe(number);
  });
});
