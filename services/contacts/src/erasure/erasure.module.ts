import { Module } from '@nestjs/common';
import { EraseAddresses } from './erase-addresses.js';

@Module({ providers: [EraseAddresses] })
export class ErasureModule {}
