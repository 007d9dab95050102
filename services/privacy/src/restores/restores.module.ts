import { Module } from '@nestjs/common';
import { ReadErasures } from './read-erasures.js';
import { RestoresGrpc } from './restores.grpc.js';
import { WitnessIncarnation } from './witness-incarnation.js';

@Module({ controllers: [RestoresGrpc], providers: [ReadErasures, WitnessIncarnation] })
export class RestoresModule {}
