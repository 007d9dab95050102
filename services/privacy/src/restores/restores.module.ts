import { Module } from '@nestjs/common';
import { ReadErasures } from './read-erasures.js';
import { ReadStops } from './read-stops.js';
import { RestoresGrpc } from './restores.grpc.js';
import { WitnessIncarnation } from './witness-incarnation.js';

@Module({ controllers: [RestoresGrpc], providers: [ReadErasures, ReadStops, WitnessIncarnation] })
export class RestoresModule {}
