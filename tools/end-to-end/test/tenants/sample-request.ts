import { randomBytes } from 'node:crypto';
import { type FieldRule, messageRules } from '@heed/contracts';
import { type IdField, thingOf } from './id-fields.js';
import { type Things } from './things.js';

/**
 * Values for fields of which the contracts do not say enough, by the field's name or by RPC and field. Fields that are
 * not required are left empty unless they stand here.
 */
const SAMPLES: Record<string, unknown> = {
  purpose: 'news',
  source: 4, // CONSENT_SOURCE_AGENT: members may state no other but API
  roles: ['agent'],
  subject: 'Hello',
  textBody: 'Hello',
  senderAddress: 'news@acme.test',
  at: '2026-01-01T00:00:00.000Z',
  startAt: '2099-01-01T00:00:00.000Z',
  nonce: () => randomBytes(16),
  // What a letter needs and a script does not.
  'CloseWithExceptions.reason': 'store_gone',
  'CreateTemplate.subject': 'Hello',
  'CreateTemplate.senderAddress': 'news@acme.test',
  'CreateTemplate.postalAddress': '1 Main Street',
  'CreateContact.email': (token: string) => `${token}@people.test`,
  scopes: ['contacts.read'],
  'SendMessage.purpose': 'receipt',
  'UpdateStep.updateMask': ['template_id'],
  'RemoveStep.step': 2,
  'StreamPermits.usableMs': 10_000,
  'CreateApiKey.name': (token: string) => token,
  'CreateSignUpForm.name': (token: string) => token,
  'CreateSignUpForm.purposes': ['offers'],
  'UpdateSignUpForm.updateMask': ['allowed_origins'],
  'CreateSenderDomain.domain': (token: string) => `${token}.test`,
  'CreateProviderConnection.name': 'relay',
  'ResolveProbeHit.reason': 'TICKET-1',
  'PlaceHold.matter': '2026/17',
  'RecordProcessorAnswer.state': 2,
  'InviteMember.email': (token: string) => `${token}@people.test`,
  'CheckCorrections.field': 5, // PERSON_FIELD_EMAIL: names have no endpoint
  'CheckCorrections.value': (token: string) => `${token}@people.test`,
  'CreateRequest.field': 5,
  'CreateRequest.value': (token: string) => `${token}@people.test`,
};

/** Ids that are not required by themselves, and without which nothing is looked for; and what may stand in their place. */
const NEEDED: Record<string, string> = {
  'CreateRequest.subjectId': '',
  'RecordOptOut.contactId': '',
  'CreateCampaign.templateId': 'steps',
  'UpdateStep.templateId': '',
  'StopPermits.requestId': 'requestIds',
};

/** What a request must say where this field is tried: a correction is of a right of its own, and of somebody who stays. */
const TOGETHER: Record<string, (own: Things) => Record<string, unknown>> = {
  'CreateRequest.corrections': ({ stayingId }) => ({ right: 5, subjectId: stayingId }),
};

/** Things of a kind of their own, by RPC and field. */
const INSTEAD: Record<string, keyof Things> = {
  'SendMessage.templateId': 'singleTemplateId',
  // Nobody's: the erasure of somebody who is held would stay open for as long.
  'PlaceHold.subjectId': 'sweepId',
};

export interface Sampling {
  /** Whose things the request names, where it is not told otherwise. */
  own: Things;
  requestId: string;
  /** Makes what must be unique so: a word that no other request holds. */
  token: string;
  /** The field that is tried, and what it is given. */
  at: string[];
  give: string[];
}

/** A request that is valid by its contract, made of the contract itself. */
export function sampleRequest({ rpc, rule }: Pick<IdField, 'rpc' | 'rule'>, sampling: Sampling): object {
  return message(rule.request, rpc.split('/')[2]!, sampling.at, sampling);
}

function message(name: string, rpc: string, at: readonly string[], sampling: Sampling): object {
  const together = TOGETHER[`${rpc}.${at[0]}`]?.(sampling.own) ?? {};
  const entries = Object.entries(messageRules[name] ?? {}).map(([field, rule]): [string, unknown] => {
    if (field in together) return [field, together[field]];
    const tried = at[0] === field;
    if (rule.oneof !== undefined && tried) {
      throw new Error(`${name}.${field} stands in a oneof: say in sample-request.ts how it is set`);
    }
    if (rule.uuid) {
      if (tried && at.length === 1) return [field, rule.list ? sampling.give : sampling.give[0]];
      return [
        field,
        rule.required || isNeeded(`${rpc}.${field}`, at)
          ? ownId(`${rpc}.${field}`, field, rule, sampling)
          : undefined,
      ];
    }
    if (rule.message !== undefined) {
      if (!tried && !rule.required) return [field, undefined];
      const inner = message(rule.message, rpc, tried ? at.slice(1) : [], sampling);
      return [field, rule.list ? [inner] : inner];
    }
    return [field, value(`${rpc}.${field}`, field, rule, sampling.token)];
  });
  return Object.fromEntries(entries.filter(([, given]) => given !== undefined));
}

function isNeeded(place: string, at: readonly string[]): boolean {
  return place in NEEDED && NEEDED[place] !== at[0];
}

function ownId(place: string, field: string, rule: FieldRule, { own, requestId }: Sampling): unknown {
  const thing = INSTEAD[place] ?? thingOf(field);
  const id = thing === 'requestId' ? requestId : own[thing as keyof Things];
  return rule.list ? [id] : id;
}

function value(place: string, field: string, rule: FieldRule, token: string): unknown {
  const sample = SAMPLES[place] ?? (rule.required ? SAMPLES[field] : undefined);
  if (sample !== undefined)
    return typeof sample === 'function' ? (sample as (t: string) => unknown)(token) : sample;
  if (!rule.required) return undefined;
  if (rule.enum !== undefined) return rule.enum.find((number) => number !== 0);
  if (rule.min !== undefined || rule.max !== undefined) return Math.max(1, rule.min ?? 1);
  const text = rule.pattern === undefined ? token : rule.pattern.split('|')[0]!;
  if (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`).test(text)) {
    throw new Error(`${place} needs a sample value that matches ${rule.pattern}: add one to SAMPLES`);
  }
  return rule.list ? [text] : text;
}
