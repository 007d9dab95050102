import { Inject, Injectable } from '@nestjs/common';
import { Consumers } from '@heed/events';

/**
 * A group of ours stands still because what it would read is not what it left: the database or the bus went back. Then
 * erasures and opt-outs may be missing here that were acknowledged once, and whoever may be reached is not known.
 */
@Injectable()
export class Quarantine {
  constructor(@Inject(Consumers) private readonly consumers: Pick<Consumers, 'states'>) {}

  isOn(): boolean {
    return this.consumers.states().some(({ state }) => state === 'quarantined');
  }
}
