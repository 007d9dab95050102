import { Option, type Command } from 'commander';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { withSpan, type Span } from '../span.js';
import { time, word } from '../words.js';
import { channelWord } from './contacts.js';

const CHANNELS = {
  all: typesV1.Channel.CHANNEL_UNSPECIFIED,
  email: typesV1.Channel.CHANNEL_EMAIL,
  voice: typesV1.Channel.CHANNEL_VOICE,
};

interface OptOutOptions {
  channel: keyof typeof CHANNELS;
  purpose?: string;
  sender?: string;
  evidence?: string;
}

interface HistoryOptions extends Span {
  channel: keyof typeof CHANNELS;
  purpose?: string;
  limit: number;
}

export function addConsent(heed: Command, context: Context): void {
  const consent = heed.command('consent').description('The consent ledger');
  withExample(consent, 'heed consent history 0199...');
  addOptOut(consent, context);
  addShowOptOut(consent, context);
  addHistory(consent, context);
}

function addOptOut(consent: Command, context: Context): void {
  const optOut = consent
    .command('opt-out <contact-id>')
    .description('Records that a person said no. Takes effect everywhere at once; never refused.')
    .addOption(
      new Option('--channel <channel>', 'only this channel').choices(Object.keys(CHANNELS)).default('all'),
    )
    .option(
      '--purpose <purpose>',
      'only this purpose; all if absent; all_outreach: all that they may refuse, so that receipts still come',
    )
    .option(
      '--sender <address>',
      'only this sender: the address in From, or the number that calls; all if absent',
    )
    .option('--evidence <text>', 'what the person said; sealed under their key');
  withExample(
    optOut,
    'heed consent opt-out 0199... --channel email --evidence "asked on the phone"',
    'heed consent opt-out 0199... --sender news@acme.example',
  ).action(async (contactId: string, { channel, purpose, sender, evidence }: OptOutOptions) => {
    const answer = await context.asMember((client) =>
      client.consent.recordOptOut({
        requestId: newId(),
        contactId,
        channel: CHANNELS[channel],
        ...{ purpose: purpose ?? '', sender: sender ?? '' },
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
        evidence: evidence ?? '',
        heardFrom: undefined,
      }),
    );
    context.output.record({
      effect: contactsV1.optOutEffectToJSON(answer.effect),
      effective_at: answer.effectiveAt,
      entry_id: answer.entry?.entryId,
    });
  });
}

function addShowOptOut(consent: Command, context: Context): void {
  const show = consent
    .command('show-opt-out <entry-id>')
    .description(
      'One opt-out, and what was on its way to the person when it was recorded: where each stands now. The entry is ' +
        'one of `consent history`.',
    );
  withExample(show, 'heed consent show-opt-out 0199...').action(async (entryId: string) => {
    const answer = await context.asMember((client) => client.consent.getOptOut({ entryId }));
    const { output } = context;
    if (output.isJson) return output.record(contactsV1.GetOptOutResponse.toJSON(answer) as object);
    const { entry, inFlight } = answer;
    output.record({
      ...{
        contact: entry!.contactId,
        channel: channelWord(entry!.channel),
        purpose: entry!.purpose || '(all)',
        sender: entry!.sender || '(all)',
      },
      source: word('CONSENT_SOURCE', contactsV1.consentSourceToJSON(entry!.source)),
      ...{ said: time(entry!.saidAt), recorded: time(entry!.recordedAt), in_flight: inFlight.length },
    });
    if (inFlight.length === 0) return;
    output.gap();
    output.table(
      inFlight.map(({ attemptId, channel, purpose, permittedAt, state, since, reason }) => ({
        ...{ attempt: attemptId, channel: channelWord(channel), purpose, permitted: time(permittedAt) },
        state: word('IN_FLIGHT_STATE', contactsV1.inFlightStateToJSON(state)),
        ...{ since: time(since), reason },
      })),
      ['attempt', 'channel', 'purpose', 'permitted', 'state', 'since', 'reason'],
    );
  });
}

function addHistory(consent: Command, context: Context): void {
  const history = consent
    .command('history <contact-id>')
    .description('What the ledger holds about a person, newest first.')
    .addOption(
      new Option('--channel <channel>', 'only what concerns this channel')
        .choices(Object.keys(CHANNELS))
        .default('all'),
    )
    .option('--purpose <purpose>', 'only what concerns this purpose')
    .option(...LIMIT);
  withExample(
    withSpan(history, 'what was recorded'),
    'heed consent history 0199...',
    'heed consent history 0199... --channel email --since 2026-11-01',
  ).action(async (contactId: string, { limit, ...asked }: HistoryOptions) => {
    const filter = {
      ...{ contactId, channel: CHANNELS[asked.channel], purpose: asked.purpose },
      ...{ recordedAfter: asked.since, recordedBefore: asked.until },
    };
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.consent.listConsentEntries(
          contactsV1.ListConsentEntriesRequest.fromPartial({ ...page, ...filter }),
        );
        return { rows: answer.entries, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: contactsV1.ConsentEntry.toJSON,
      row: (entry) => ({
        said: time(entry.saidAt),
        epoch: entry.epoch,
        state: word('CONSENT_STATE', contactsV1.consentStateToJSON(entry.state)),
        channel: channelWord(entry.channel),
        purpose: entry.purpose || '(all)',
        sender: entry.sender || '(all)',
        basis: entry.basis,
        source: word('CONSENT_SOURCE', contactsV1.consentSourceToJSON(entry.source)),
        entry: entry.entryId,
      }),
      columns: ['said', 'epoch', 'state', 'channel', 'purpose', 'sender', 'basis', 'source', 'entry'],
    });
  });
}
