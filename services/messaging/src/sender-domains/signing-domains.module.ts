import { Module, type OnModuleDestroy } from '@nestjs/common';
import { DkimSigners } from '../dkim/dkim-signers.js';
import { DomainKeys } from './domain-keys.js';
import { SenderDomainStore } from './sender-domain.store.js';
import { SigningDomains } from './signing-domains.js';

/** What sending needs of domains: whether mails from one may leave, and their signatures. */
@Module({
  providers: [
    ...[DomainKeys, SenderDomainStore, SigningDomains],
    { provide: DkimSigners, useFactory: () => new DkimSigners() },
  ],
  exports: [DkimSigners, DomainKeys, SenderDomainStore, SigningDomains],
})
export class SigningDomainsModule implements OnModuleDestroy {
  constructor(private readonly signers: DkimSigners) {}

  onModuleDestroy(): Promise<void> {
    return this.signers.close();
  }
}
