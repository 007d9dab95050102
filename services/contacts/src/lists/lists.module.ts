import { Module } from '@nestjs/common';
import { CreateList } from './create-list.js';
import { ListsGrpc } from './lists.grpc.js';
import { StreamMembers } from './stream-members.js';

@Module({ controllers: [ListsGrpc], providers: [CreateList, StreamMembers] })
export class ListsModule {}
