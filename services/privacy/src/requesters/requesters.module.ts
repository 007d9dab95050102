import { Module } from '@nestjs/common';
import { RequesterPeople } from './requester-people.js';
import { RequesterPermitsGrpc } from './requester-permits.grpc.js';
import { Requesters } from './requesters.js';

@Module({
  controllers: [RequesterPermitsGrpc],
  providers: [RequesterPeople, Requesters],
  exports: [Requesters],
})
export class RequestersModule {}
