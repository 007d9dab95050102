import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { DenyStore } from './deny.store.js';
import { InboundAddresses } from './inbound-addresses.js';

/** What sending needs of what comes back: addresses to be answered to, and who is not written to. */
@Module({
  imports: [DispatchModule],
  providers: [DenyStore, InboundAddresses],
  exports: [DenyStore, InboundAddresses],
})
export class AddressingModule {}
