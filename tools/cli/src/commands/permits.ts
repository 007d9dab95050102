import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { contactsV1, typesV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { choicesOf, time, word } from '../words.js';
import { channelWord } from './contacts.js';

const CHANNELS = choicesOf('CHANNEL', typesV1.Channel);

interface ExplainOptions {
  channel: string;
  purpose: string;
  sender?: string;
}

export function addPermits(heed: Command, context: Context): void {
  const permits = heed
    .command('permits')
    .description('Why somebody may be contacted or not, and the rules of the tenant');
  withExample(permits, 'heed permits explain 0199... --channel email --purpose newsletter');
  addExplain(permits, context);
  addRules(permits, context);
}

function addExplain(permits: Command, context: Context): void {
  const explain = permits
    .command('explain <contact-id>')
    .description(
      'What a sender would be answered now, rule by rule. Tells no address. Exit code 1 where denied.',
    )
    .addOption(
      new Option('--channel <channel>', 'on which channel')
        .choices([...CHANNELS.keys()])
        .makeOptionMandatory(),
    )
    .requiredOption('--purpose <purpose>', 'for which purpose')
    .option(
      '--sender <address>',
      'from whom: the address in From, or the number that calls; absent: an opt-out from any sender counts',
    );
  withExample(explain, 'heed permits explain 0199... --channel email --purpose newsletter').action(
    async (contactId: string, { channel, purpose, sender = '' }: ExplainOptions) => {
      const answer = await context.asMember((client) =>
        client.permits.explainPermit({ contactId, channel: CHANNELS.get(channel)!, purpose, sender }),
      );
      if (!answer.allowed) process.exitCode = EXIT.REFUSED;
      const { output } = context;
      if (output.isJson) {
        output.record(contactsV1.ExplainPermitResponse.toJSON(answer) as object);
        return;
      }
      const { denial, consentEntryId } = answer;
      output.record({
        answer: denial ? `denied: ${reasonWord(denial.reason)}` : 'a permit',
        again: denial && time(denial.retryAfter),
        consent_entry: consentEntryId,
      });
      output.gap();
      output.table(
        answer.rules.map(({ rule, verdict, reason, citation, retryAfter }) => ({
          ...{ rule, citation, again: time(retryAfter) },
          says: word('RULE_VERDICT', contactsV1.ruleVerdictToJSON(verdict)),
          about: reasonWord(reason),
        })),
        ['rule', 'about', 'says', 'again', 'citation'],
      );
    },
  );
}

function addRules(permits: Command, context: Context): void {
  const rules = permits
    .command('rules')
    .description('How often and when people may be contacted: the caps and hours of the tenant.')
    .option(
      '--set <file>',
      'replaces them by those of a JSON file, as --json prints them; needs contact_rules.write',
    );
  withExample(
    rules,
    'heed permits rules',
    'heed permits rules --json > rules.json',
    'heed permits rules --set rules.json',
  ).action(async ({ set }: { set?: string }) => {
    const { contactRules } = await context.asMember((client) =>
      set === undefined
        ? client.contactRules.getContactRules({})
        : client.contactRules.updateContactRules({ contactRules: rulesIn(set), updateMask: [] }),
    );
    print(contactRules!, context);
  });
}

interface Named {
  channel?: keyof typeof typesV1.Channel;
}

/** The file's etag counts: rules that somebody else has changed since it was written are not replaced. */
function rulesIn(file: string): contactsV1.ContactRules {
  const {
    frequencyCaps = [],
    contactHours = [],
    optOutConfirmation,
    ...rules
  } = JSON.parse(readFileSync(file, 'utf8')) as {
    frequencyCaps?: Named[];
    contactHours?: Named[];
    optOutConfirmation?: { sources?: (keyof typeof contactsV1.ConsentSource)[]; withinMinutes?: number };
  };
  const numbered = <T extends Named>(rule: T) => ({
    ...rule,
    channel: typesV1.Channel[rule.channel ?? 'CHANNEL_UNSPECIFIED'],
  });
  return contactsV1.ContactRules.fromPartial({
    ...rules,
    frequencyCaps: frequencyCaps.map(numbered),
    contactHours: contactHours.map(numbered),
    ...(optOutConfirmation && {
      optOutConfirmation: {
        ...optOutConfirmation,
        sources: optOutConfirmation.sources?.map((source) => contactsV1.ConsentSource[source]) ?? [],
      },
    }),
  });
}

function print(rules: contactsV1.ContactRules, { output }: Context): void {
  if (output.isJson) {
    output.record(contactsV1.ContactRules.toJSON(rules) as object);
    return;
  }
  const { sources = [], withinMinutes = 0 } = rules.optOutConfirmation ?? {};
  const confirmed = sources.map((source) => word('CONSENT_SOURCE', contactsV1.consentSourceToJSON(source)));
  output.record({
    ...{ version: rules.etag, changed: time(rules.updatedAt) },
    'opt-outs confirmed': confirmed.length === 0 ? 'none' : `${confirmed.join(', ')} (${withinMinutes} min)`,
  });
  output.gap();
  output.table(
    rules.frequencyCaps.map(({ channel, purpose, most, periodHours }) => ({
      ...{ channel: channelWord(channel), purpose: purpose || '(all)' },
      ...{ 'at most': most, 'in hours': periodHours },
    })),
    ['channel', 'purpose', 'at most', 'in hours'],
  );
  output.gap();
  output.table(
    rules.contactHours.map(({ channel, purpose, days, opens, closes, timeZone }) => ({
      ...{ channel: channelWord(channel), purpose: purpose || '(all)' },
      ...{ days: days.join(' ') || '(all)', opens, closes, zone: timeZone },
    })),
    ['channel', 'purpose', 'days', 'opens', 'closes', 'zone'],
  );
}

function reasonWord(reason: contactsV1.DenialReason): string {
  return word('DENIAL_REASON', contactsV1.denialReasonToJSON(reason));
}
