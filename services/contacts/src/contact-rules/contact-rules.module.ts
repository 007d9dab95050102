import { Module } from '@nestjs/common';
import { ContactRulesGrpc } from './contact-rules.grpc.js';
import { RulesInForce } from './rules-in-force.js';
import { UpdateContactRules } from './update-contact-rules.js';

@Module({
  controllers: [ContactRulesGrpc],
  providers: [RulesInForce, UpdateContactRules],
  exports: [RulesInForce],
})
export class ContactRulesModule {}
