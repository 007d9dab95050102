import { Injectable } from '@nestjs/common';

/** Points on an attempt's way at which a specification may wait, look or kill. Nothing happens at them otherwise. */
export type SendingStep =
  'claimed' | 'permitted' | 'armed' | 'before-recipient' | 'before-dot' | 'answered' | 'concluded';

@Injectable()
export class SendingSteps {
  reached(_step: SendingStep, _attemptIds: readonly string[]): void | Promise<void> {
    return undefined;
  }
}
