import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { rpcRules } from '@heed/contracts';
import { AUDITED, NOT_AUDITED } from './audited.js';
import { root } from './place.js';

/** Everything by which a member changes something. */
const changing = Object.entries(rpcRules)
  .filter(([, rule]) => rule.idempotency !== 'safe' && (rule.permission !== '' || rule.anyMember))
  .map(([name]) => /(\w+)\/(\w+)$/.exec(name)!.slice(1).join('.'));

describe('what members change', () => {
  it('is in the audit log, or on a list of what is not, with a reason', () => {
    const said = [...Object.keys(AUDITED), ...Object.keys(NOT_AUDITED)];
    expect(said.toSorted()).toEqual(changing.toSorted());
    expect(Object.values(NOT_AUDITED).filter((reason) => reason.length < 20)).toEqual([]);
  });

  it.each(Object.entries(AUDITED))('is told where it is done: %s', (_, file) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(readFileSync(join(root, file), 'utf8')).toMatch(/\baudit\.(tell|tellChange|recordIn)\(/);
  });
});
