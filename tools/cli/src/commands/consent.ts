import { Option, type Command } from 'commander';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';

const CHANNELS = {
  all: typesV1.Channel.CHANNEL_UNSPECIFIED,
  email: typesV1.Channel.CHANNEL_EMAIL,
  voice: typesV1.Channel.CHANNEL_VOICE,
};

interface OptOutOptions {
  channel: keyof typeof CHANNELS;
  purpose?: string;
  evidence?: string;
}

export function addConsent(heed: Command, context: Context): void {
  const consent = heed.command('consent').description('The consent ledger');
  consent
    .command('opt-out <contact-id>')
    .description('Records that a person said no. Takes effect everywhere at once; never refused.')
    .addOption(new Option('--channel <channel>').choices(Object.keys(CHANNELS)).default('all'))
    .option('--purpose <purpose>', 'only this purpose; all if absent')
    .option('--evidence <text>', 'what the person said; sealed under their key')
    .addHelpText(
      'after',
      '\nExample: heed consent opt-out 0199... --channel email --evidence "asked on the phone"',
    )
    .action(async (contactId: string, { channel, purpose, evidence }: OptOutOptions) => {
      const answer = await context.asMember((client) =>
        client.consent.recordOptOut({
          requestId: newId(),
          contactId,
          channel: CHANNELS[channel],
          purpose: purpose ?? '',
          source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
          evidence: evidence ?? '',
        }),
      );
      context.output.record({
        effect: contactsV1.optOutEffectToJSON(answer.effect),
        effective_at: answer.effectiveAt,
        entry_id: answer.entry?.entryId,
      });
    });
}
