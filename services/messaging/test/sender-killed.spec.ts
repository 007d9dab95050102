import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type SendingStep } from '../src/sending/sending-steps.js';
import { Slots } from '../src/sending/slots.js';
import { SweepLostSenders } from '../src/sending/sweep-lost-senders.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';
import { SpawnedSender } from './spawn-sender.js';

const COUNT = 12;
const SLOTS = 8;

describe('a sender that is killed', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  beforeAll(() => service.start({ clock, env: { HEED_SMTP_SLOTS: String(SLOTS) } }));
  afterAll(() => service.stop());

  /** Starts a sender as a process, waits until it stands at the step, and kills it there. */
  async function killedAt(step: SendingStep): Promise<void> {
    const sender = new SpawnedSender(service, { holdAt: step, aheadMs: clock.aheadMs });
    await sender.says(step);
    await sender.kill();
  }

  // How many may be unknown afterwards: whatever was armed and not concluded. That is at most what fits into the slots,
  // but for the last step: slots are free again once a mail was handed over, and its conclusion is held up.
  it.each<[SendingStep, number, number]>([
    ['claimed', 0, 0],
    ['permitted', 0, 0],
    ['armed', 1, SLOTS],
    ['before-recipient', 1, SLOTS],
    ['before-dot', 1, SLOTS],
    ['answered', 1, SLOTS],
    ['concluded', 0, COUNT - 1],
  ])(
    '1.1 at "%s" leaves nothing sent twice and nothing open: between %i and %i are unknown',
    async (step, fewest, most) => {
      // The sender of this process keeps its hands still until the other one is dead.
      const slots = service.cluster.service('messaging').get(Slots);
      const taken = slots.take(slots.count);
      const contacts = new Set(Array.from({ length: COUNT }, () => newId()));
      const mails = () =>
        service.peer.kept.filter(({ to }) => contacts.has(to[0]!.slice(0, to[0]!.indexOf('@'))));
      const ended = service.nextEnd(COUNT + 1);
      const requests = await service.dispatch([...contacts]);
      await killedAt(step);

      const sweeper = service.cluster.service('messaging').get(SweepLostSenders);
      await sweeper.sweep();
      clock.skip(10_000);
      await sweeper.sweep();
      for (const slot of taken) slots.giveBack(slot);
      // One that surely is the heir's: the other may have handed over all that there was.
      await service.dispatch([newId()]);
      service.hurry();
      await ended;

      const attempts = (await service.attempts()).filter(({ contactId }) => contacts.has(contactId));
      const count = (outcome: string) => attempts.filter((attempt) => attempt.outcome === outcome).length;
      expect(attempts).toHaveLength(COUNT);
      expect(count('sent') + count('unknown')).toBe(COUNT);
      expect(count('unknown')).toBeGreaterThanOrEqual(fewest);
      expect(count('unknown')).toBeLessThanOrEqual(most);
      // Nobody has two mails, whoever is "sent" has one, and only the unknown may have one or none.
      const addressees = mails().map(({ to }) => to[0]!);
      expect(new Set(addressees).size).toBe(addressees.length);
      expect(addressees.length).toBeGreaterThanOrEqual(count('sent'));
      // campaigns was told once of each.
      const intents = new Set(requests.map(({ intentId }) => intentId));
      const told = (await service.cluster.published(AttemptConcluded)).filter(({ intentId }) =>
        intents.has(intentId),
      );
      expect(told).toHaveLength(COUNT);
      expect(told.filter(({ outcome }) => outcome === typesV1.Outcome.OUTCOME_UNKNOWN)).toHaveLength(
        count('unknown'),
      );
    },
    60_000,
  );
});
