import { Module } from '@nestjs/common';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { ConsentGrpc } from './consent.grpc.js';
import { Evidence } from './evidence.js';
import { RecordConsent } from './record-consent.js';
import { RecordOptOut } from './record-opt-out.js';

@Module({
  imports: [SuppressionModule],
  controllers: [ConsentGrpc],
  providers: [Evidence, RecordConsent, RecordOptOut],
})
export class ConsentModule {}
