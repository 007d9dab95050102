import { type campaignsV1, typesV1 } from '@heed/contracts';
import { DomainError, isUuid } from '@heed/kernel';
import { InvalidArgumentError } from 'commander';

/** How steps are written, in help texts and where one is refused. */
export const STEP_HELP = `
A step, by --step (one for each, in order; the first is for the people of the list) or in a file with --steps, which holds
a JSON array of objects with the same names:
  template   id of the template to send, or of the script to say
  rate       most people a second; else the campaign's
  follows    number of the earlier step that it follows, from 1: for all but the first
  on         how that one ended: sent, skipped, failed, unknown; several joined by +
  reasons    of those ends, as codes (no_endpoint+smtp_550); else any
  bounced    also messages of that step that came back for good within so long (72h; 0s: not)
  delay      from that end to this step (90s, 10m, 2h, 3d); else none`;

const NAMES = ['template', 'rate', 'follows', 'on', 'reasons', 'bounced', 'delay'] as const;
type Name = (typeof NAMES)[number];
type Written = Partial<Record<Name, string>>;

const OUTCOMES: Record<string, typesV1.Outcome> = {
  sent: typesV1.Outcome.OUTCOME_SENT,
  skipped: typesV1.Outcome.OUTCOME_SKIPPED,
  failed: typesV1.Outcome.OUTCOME_FAILED,
  unknown: typesV1.Outcome.OUTCOME_UNKNOWN,
};
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `template=0199...,follows=1,on=failed`, behind those that were given before. */
export function collectStep(
  text: string,
  before: campaignsV1.StepPlan[] | undefined,
): campaignsV1.StepPlan[] {
  try {
    return [...(before ?? []), planOf(writtenIn(text))];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

const FIELDS: Partial<Record<Name, string>> = {
  template: 'template_id',
  rate: 'rate_per_second',
  on: 'outcomes',
  reasons: 'reasons',
  bounced: 'bounced_within_seconds',
  delay: 'delay_seconds',
};

/** `template=0199...,rate=5`: what is changed of a step, and nothing else. */
export function changesIn(text: string): Omit<campaignsV1.UpdateStepRequest, 'campaignId' | 'step' | 'etag'> {
  try {
    const written = writtenIn(text);
    const updateMask = Object.keys(written).map((name) => {
      const field = FIELDS[name as Name];
      if (!field) throw new Error(`${name}: a step follows the same step always`);
      return field;
    });
    const { follows: _, ...changes } = planned(written);
    return { updateMask, ...changes };
  } catch (error) {
    throw new DomainError('STEP_UNREADABLE', 'invalid-argument', {
      message: `${(error as Error).message} (heed campaigns create --help)`,
    });
  }
}

/** The step that is added to a campaign. */
export function stepIn(text: string): campaignsV1.StepPlan {
  try {
    return planOf(writtenIn(text));
  } catch (error) {
    throw new DomainError('STEP_UNREADABLE', 'invalid-argument', {
      message: `${(error as Error).message} (heed campaigns create --help)`,
    });
  }
}

/** What a file holds: a JSON array of steps. */
export function stepsIn(content: string, file: string): campaignsV1.StepPlan[] {
  const refused = (message: string): DomainError =>
    new DomainError('STEPS_UNREADABLE', 'invalid-argument', {
      message: `${file}: ${message} (heed campaigns create --help)`,
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw refused('is no JSON');
  }
  if (!Array.isArray(parsed) || parsed.length === 0)
    throw refused('an array with a step at least is expected');
  return parsed.map((step: unknown, index) => {
    try {
      return planOf(writtenAs(step));
    } catch (error) {
      throw refused(`step ${index + 1}: ${(error as Error).message}`);
    }
  });
}

/** Pieces of `name=value`, separated by commas. */
function writtenIn(text: string): Written {
  const written: Written = {};
  for (const piece of text.split(',')) {
    const at = piece.indexOf('=');
    const name = nameOf(piece.slice(0, Math.max(at, 0)).trim(), piece);
    if (written[name] !== undefined) throw new Error(`${name} stands there twice`);
    written[name] = piece.slice(at + 1).trim();
  }
  return written;
}

function writtenAs(step: unknown): Written {
  if (typeof step !== 'object' || step === null || Array.isArray(step))
    throw new Error('an object is expected');
  return Object.fromEntries(
    Object.entries(step).map(([name, value]) => {
      if (Array.isArray(value) && value.every((word) => typeof word === 'string')) {
        return [nameOf(name, name), value.join('+')];
      }
      if (typeof value !== 'string' && typeof value !== 'number') {
        throw new Error(`${name}: text, a number or an array of texts is expected`);
      }
      return [nameOf(name, name), String(value)];
    }),
  );
}

function nameOf(name: string, shown: string): Name {
  const known = NAMES.find((one) => one === name);
  if (!known) throw new Error(`"${shown}" is none of ${NAMES.map((one) => `${one}=`).join(', ')}`);
  return known;
}

function planOf(written: Written): campaignsV1.StepPlan {
  return planned({ ...written, template: written.template ?? '' });
}

function planned({ template, rate, follows, on, reasons, bounced, delay }: Written): campaignsV1.StepPlan {
  if (template !== undefined && !isUuid(template)) {
    throw new Error('template: the id of a template is expected');
  }
  return {
    templateId: template ?? '',
    ratePerSecond: numberOf('rate', rate),
    follows: numberOf('follows', follows),
    outcomes: wordsOf(on).map((word) => {
      const outcome = OUTCOMES[word];
      if (outcome === undefined)
        throw new Error(`on: "${word}" is none of ${Object.keys(OUTCOMES).join(', ')}`);
      return outcome;
    }),
    reasons: wordsOf(reasons),
    bouncedWithinSeconds: spanOf('bounced', bounced),
    delaySeconds: spanOf('delay', delay),
  };
}

function wordsOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split('+');
}

function numberOf(name: Name, text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name}: a number of at least 1 is expected`);
  return Number(text);
}

function spanOf(name: Name, text: string | undefined): bigint {
  if (text === undefined) return 0n;
  const [, number = '', unit = ''] = /^(\d{1,8})([smhd])$/.exec(text) ?? [];
  if (unit === '') throw new Error(`${name}: a span of time is expected (90s, 10m, 2h, 3d)`);
  return BigInt(Number(number) * SECONDS[unit]!);
}
