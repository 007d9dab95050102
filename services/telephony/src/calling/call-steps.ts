import { Injectable } from '@nestjs/common';

/** Points on a call's way at which a specification may wait, look or kill. Nothing happens at them otherwise. */
export type CallStep = 'armed' | 'placed';

@Injectable()
export class CallSteps {
  reached(_step: CallStep, _callId: string): void | Promise<void> {
    return undefined;
  }
}
