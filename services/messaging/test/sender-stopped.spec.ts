import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { PermitOffice } from '@heed/testing';
import { Slots } from '../src/sending/slots.js';
import { MessagingService } from './messaging-service.js';
import { type StopAt } from './sender-child.js';
import { SpawnedSender } from './spawn-sender.js';

/** As long as a permit may live: a busy machine has to come to its check in time. Where it does not, it asks once more. */
const LIFETIME_MS = 1_000;

const stops: StopAt[] = [
  ...(['before the check', 'before RCPT TO', 'at RCPT TO'] as const),
  ...(['before the dot', 'at the dot'] as const),
];

if (existsSync('/proc/self/stat')) {
  describe('a sender that is stopped by SIGSTOP', stoppedBySignal);
} else {
  it('is not tried here: only Linux says in /proc that a process is stopped', () => {
    console.warn('Senders were not stopped by SIGSTOP: run this specification on Linux.');
  });
}

/** SIGSTOP is real, and so is the time that passes meanwhile: no clock of ours stands between a check and its write. */
function stoppedBySignal(): void {
  const service = new MessagingService();
  let sender: SpawnedSender;

  beforeAll(async () => {
    await service.start();
    service.outside.office.lifetimeMs = LIFETIME_MS;
    // The sender of this process keeps its hands still.
    const slots = service.cluster.service('messaging').get(Slots);
    slots.take(slots.count);
    sender = new SpawnedSender(service, { aheadMs: 0, stopAt: stops });
    await sender.says('ready');
  });
  afterAll(async () => {
    await sender.kill();
    await service.stop();
  });

  /** Sends to one person, and goes on once the permit is dead; `meanwhile` happens while the sender is stopped. */
  async function stoppedAt(at: StopAt, meanwhile: (contactId: string) => void = () => undefined) {
    const contactId = newId();
    const { office } = service.outside;
    await service.dispatch([contactId]);
    await sender.says(`stopped ${at}`);
    await sender.stopped();
    const from = performance.now();
    meanwhile(contactId);
    while (performance.now() < from + LIFETIME_MS) await turn();
    sender.goOn();
    const attempt = await ended(contactId);
    const address = PermitOffice.addressOf(contactId);
    return {
      ...attempt,
      askedAgain: office.batches.flat().filter((ask) => ask.contactId === contactId).length > 1,
      begun: service.peer.recipients.filter((to) => to === address).length,
      kept: service.peer.kept.filter(({ to }) => to[0] === address).length,
    };
  }

  /** Looks until it is written down: the sender that writes it is in another process. */
  async function ended(contactId: string) {
    for (;;) {
      const found = (await service.attempts()).find((attempt) => attempt.contactId === contactId);
      if (found?.state === 'concluded') return found;
    }
  }

  const optOut = (contactId: string): void =>
    service.outside.office.deny(contactId, contactsV1.DenialReason.DENIAL_REASON_OPTED_OUT);

  it('2.6 before its last check begins nothing where somebody opts out meanwhile', async () => {
    expect(await stoppedAt('before the check', optOut)).toMatchObject({
      ...{ outcome: 'skipped', reason: 'opted_out', askedAgain: true, begun: 0, kept: 0, lateMs: 0 },
    });
  });

  it('2.6 between check and RCPT TO drops what it holds, asks again, and is not late', async () => {
    expect(await stoppedAt('before RCPT TO')).toMatchObject({
      ...{ outcome: 'sent', askedAgain: true, begun: 1, kept: 1, lateMs: 0 },
    });
  });

  it('2.6 at the write of RCPT TO records how late it began, and ends nothing, where somebody opts out meanwhile', async () => {
    const attempt = await stoppedAt('at RCPT TO', optOut);
    expect(attempt).toMatchObject({ outcome: 'skipped', reason: 'opted_out', begun: 1, kept: 0 });
    expect(attempt.lateMs).toBeGreaterThan(0);
  });

  it('2.6 between check and final dot leaves the server without the message where somebody opts out meanwhile', async () => {
    expect(await stoppedAt('before the dot', optOut)).toMatchObject({
      ...{ outcome: 'skipped', reason: 'opted_out', askedAgain: true, begun: 1, kept: 0 },
    });
  });

  it('2.6 at the write of the final dot has sent, which nothing could prevent, and records how late', async () => {
    const attempt = await stoppedAt('at the dot', optOut);
    expect(attempt).toMatchObject({ outcome: 'sent', begun: 1, kept: 1 });
    expect(attempt.lateMs).toBeGreaterThan(0);
  });
}
