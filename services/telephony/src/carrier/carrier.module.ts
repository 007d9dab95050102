import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { type TelephonySettings } from '../settings.js';
import { CARRIER } from './carrier.js';
import { HttpCarrier } from './http-carrier.js';

@Module({
  providers: [
    {
      provide: CARRIER,
      inject: [SETTINGS],
      useFactory: ({ HEED_CARRIER_URL }: TelephonySettings) => new HttpCarrier(HEED_CARRIER_URL),
    },
  ],
  exports: [CARRIER],
})
export class CarrierModule {}
