import { Injectable } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients, type Client } from '@heed/rpc';
import { campaignById } from './campaign.store.js';
import { labelsDue, type Living } from './label-laws.js';

/** A million people are counted in a few seconds. */
const TIMEOUT_MS = 20_000;

/** Where the people of a campaign's list live. contacts counts them: no address comes here. */
@Injectable()
export class ListCountries {
  private readonly lists: Client<contactsV1.ListsServiceService>;

  constructor(
    private readonly uow: UnitOfWork,
    clients: RpcClients,
  ) {
    this.lists = clients.of(contactsV1.ListsServiceService, 'contacts');
  }

  /** To be asked for before a transaction: nobody's connection waits for another service. */
  async living(tenantId: string, campaignId: string): Promise<Living> {
    const { listId } = await this.uow.run(tenantId, (tx) => campaignById(tx, campaignId));
    const { countries } = await this.lists.countCountries({ listId }, { tenantId, timeoutMs: TIMEOUT_MS });
    return new Map(countries.map(({ country, contacts }) => [country, contacts]));
  }

  async labelsDue(tenantId: string, campaignId: string): Promise<string[]> {
    return labelsDue(await this.living(tenantId, campaignId));
  }
}
