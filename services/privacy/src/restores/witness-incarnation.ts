import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { judge } from './incarnation.js';
import { lastWitnessed, witness } from './incarnation-witness.store.js';

/** Remembers in which life each service's database is, where a restore of that database cannot reach. */
@Injectable()
export class WitnessIncarnation {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  tell(
    service: string,
    life: privacyV1.WitnessIncarnationRequest,
  ): Promise<privacyV1.WitnessIncarnationResponse> {
    return this.uow.runAcross('service', async (tx) => {
      const last = await lastWitnessed(tx, service);
      const verdict = judge(life, last);
      if (verdict === 'follows') await witness(tx, service, life, this.clock.now());
      const leftBehind = verdict === 'left-behind';
      return { leftBehind, number: leftBehind ? last!.number : life.number };
    });
  }
}
