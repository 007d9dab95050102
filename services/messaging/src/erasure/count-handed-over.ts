import { Injectable } from '@nestjs/common';
import { SpecialCases } from '@heed/data-rights';
import { OpenAttemptStore } from './open-attempt.store.js';

/** What mail providers have of people (HEED_PROCESSORS): every mail that may have begun to be handed over. */
@Injectable()
export class CountHandedOver {
  constructor(special: SpecialCases, attempts: OpenAttemptStore) {
    special.countHandedOver((tx, subjectIds, span) => attempts.handedOver(tx, subjectIds, span));
  }
}
