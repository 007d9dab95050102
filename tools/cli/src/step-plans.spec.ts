import { describe, expect, it } from '@jest/globals';
import { typesV1 } from '@heed/contracts';
import { changesIn, collectStep, stepsIn } from './step-plans.js';

const [letter, script] = ['0199aaaa-0000-7000-8000-000000000001', '0199aaaa-0000-7000-8000-000000000002'];
const first = {
  ...{ templateId: letter, ratePerSecond: 0, follows: 0, outcomes: [], reasons: [] },
  ...{ bouncedWithinSeconds: 0n, delaySeconds: 0n },
};
const second = {
  ...{ templateId: script, ratePerSecond: 5, follows: 1 },
  outcomes: [typesV1.Outcome.OUTCOME_FAILED, typesV1.Outcome.OUTCOME_UNKNOWN],
  ...{ reasons: ['smtp_550'], bouncedWithinSeconds: 259_200n, delaySeconds: 600n },
};

describe('steps that are typed', () => {
  it('are one each, in order, with what they follow', () => {
    const text = `template=${script},rate=5,follows=1,on=failed+unknown,reasons=smtp_550,bounced=72h,delay=10m`;
    expect(collectStep(text, collectStep(`template=${letter}`, undefined))).toEqual([first, second]);
  });

  it.each([
    ['follows=1', 'template: the id'],
    [`template=${letter},until=noon`, 'is none of template='],
    [`template=${letter},on=opened`, '"opened" is none of sent'],
    [`template=${letter},delay=10`, 'delay: a span of time'],
    [`template=${letter},bounced=-3d`, 'bounced: a span of time'],
    [`template=${letter},rate=0`, 'rate: a number'],
    [`template=${letter},rate=1,rate=2`, 'rate stands there twice'],
    ['', 'is none of template='],
  ])('are refused with what is wrong: %s', (text, says) => {
    expect(() => collectStep(text, undefined)).toThrow(says);
  });

  it('are changed only in what is named', () => {
    const { follows: _, ...nothing } = first;
    expect(changesIn('rate=5,bounced=0s')).toEqual({
      ...{ ...nothing, templateId: '', ratePerSecond: 5 },
      updateMask: ['rate_per_second', 'bounced_within_seconds'],
    });
    expect(() => changesIn('follows=1')).toThrow('follows the same step always');
    expect(() => changesIn('template=spring')).toThrow('template: the id');
  });

  it('may stand in a file, with the same names', () => {
    const steps = [
      { template: letter },
      {
        ...{ template: script, rate: 5, follows: 1, on: ['failed', 'unknown'] },
        ...{ reasons: ['smtp_550'], bounced: '72h', delay: '10m' },
      },
    ];
    expect(stepsIn(JSON.stringify(steps), 'steps.json')).toEqual([first, second]);
  });

  it.each([
    ['no json', 'steps.json: is no JSON'],
    ['[]', 'a step at least'],
    ['[1]', 'step 1: an object'],
    [`[{"template": "${letter}", "on": {}}]`, 'step 1: on: text'],
    [`[{"template": "${letter}"}, {"template": "x"}]`, 'step 2: template: the id'],
  ])('in a file are refused with the step that is wrong: %s', (content, says) => {
    expect(() => stepsIn(content, 'steps.json')).toThrow(says);
  });
});
