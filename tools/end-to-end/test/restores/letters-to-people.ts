import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFile } from '@heed/client';
import { type campaignsV1, contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Tenant } from '../world/six-services.js';
import { PURPOSE } from '../tenants/letters.js';

export interface People {
  listId: string;
  /** By address. */
  idOf: Map<string, string>;
}

/** People who have agreed to letters, on a list of their own. */
export async function importPeople({ client }: Tenant, name: string, count: number): Promise<People> {
  const { list } = await client.lists.createList({ requestId: newId(), name });
  const { listId } = list!;
  const folder = mkdtempSync(join(tmpdir(), 'heed-people-'));
  const file = join(folder, 'people.csv');
  const rows = Array.from(
    { length: count },
    (_, n) => `${name}-${n}@people.test,Ada,US,${PURPOSE},email,consent,2026-01-01,form`,
  );
  writeFileSync(
    file,
    `email,first_name,country,consent_purpose,consent_channel,consent_basis,consent_at,consent_source\n${rows.join('\n')}\n`,
  );
  try {
    const importId = await importFile(client, listId, file);
    let last: contactsV1.Import | undefined;
    for await (const { import: now } of client.imports.watchImport({ importId })) last = now;
    if (last?.accepted !== BigInt(count)) throw new Error('not everybody was taken');
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { contacts } = await client.contacts.listContacts(
    contactsV1.ListContactsRequest.fromPartial({ listId, pageSize: 1_000 }),
  );
  const endpoints = await Promise.all(
    contacts.map(async ({ contactId }) => {
      const { contact } = await client.contacts.revealContact({ contactId });
      return [contact!.endpoints[0]!.address, contactId] as const;
    }),
  );
  return { listId, idOf: new Map(endpoints) };
}

/** A campaign of letters to a list, started. */
export async function startLetters(
  { client }: Tenant,
  listId: string,
  templateId: string,
  ratePerSecond = 1_000,
): Promise<string> {
  const { campaign } = await client.campaigns.createCampaign({
    ...{ requestId: newId(), name: 'Letter', listId, templateId, purpose: PURPOSE },
    ...{ ratePerSecond, audienceLimit: 0n, steps: [] },
  });
  const { campaignId } = campaign!;
  await client.campaigns.startCampaign({ campaignId });
  return campaignId;
}

/** Until it has ended. */
export async function ended({ client }: Tenant, campaignId: string): Promise<campaignsV1.Ledger> {
  let ledger: campaignsV1.Ledger | undefined;
  for await (const { campaign } of client.campaigns.watchCampaign({ campaignId }, { timeoutMs: 100_000 }))
    ledger = campaign?.ledger;
  return ledger!;
}

export async function optOut({ client }: Tenant, contactId: string): Promise<void> {
  await client.consent.recordOptOut({
    ...{ requestId: newId(), contactId, channel: 0, purpose: '', sender: '', evidence: 'said so' },
    heardFrom: undefined,
    source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
  });
}
