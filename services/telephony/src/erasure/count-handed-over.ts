import { Injectable } from '@nestjs/common';
import { SpecialCases } from '@heed/data-rights';
import { OpenCallStore } from './open-call.store.js';

/** What carriers have of people (HEED_PROCESSORS): every call that may have begun to be placed. */
@Injectable()
export class CountHandedOver {
  constructor(special: SpecialCases, calls: OpenCallStore) {
    special.countHandedOver((tx, subjectIds, span) => calls.handedOver(tx, subjectIds, span));
  }
}
