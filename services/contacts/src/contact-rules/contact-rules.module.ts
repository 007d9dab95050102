import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ContactRulesGrpc } from './contact-rules.grpc.js';
import { RulesInForce } from './rules-in-force.js';
import { UpdateContactRules } from './update-contact-rules.js';

@Module({
  imports: [AuditModule],
  controllers: [ContactRulesGrpc],
  providers: [RulesInForce, UpdateContactRules],
  exports: [RulesInForce],
})
export class ContactRulesModule {}
