import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { type MessagingSettings } from '../settings.js';
import { DNS, NodeDns } from './dns.js';
import { ManageDomains } from './manage-domains.js';
import { RecheckDomains } from './recheck-domains.js';
import { SenderDomainMessages } from './sender-domain-message.js';
import { SenderDomainsGrpc } from './sender-domains.grpc.js';
import { SigningDomainsModule } from './signing-domains.module.js';
import { VerifyDomain } from './verify-domain.js';

const dns = {
  provide: DNS,
  inject: [SETTINGS],
  useFactory: (settings: MessagingSettings) => new NodeDns(settings.HEED_DNS_SERVERS),
};

@Module({
  imports: [DispatchModule, SigningDomainsModule],
  controllers: [SenderDomainsGrpc],
  providers: [dns, ManageDomains, RecheckDomains, SenderDomainMessages, VerifyDomain],
})
export class SenderDomainsModule {
  constructor(private readonly rechecking: RecheckDomains) {}

  start(): void {
    this.rechecking.start();
  }
}
