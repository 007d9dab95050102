import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { PermitOffice } from '@heed/testing';
import { MessagingService } from './messaging-service.js';

describe('sending', () => {
  const service = new MessagingService();
  beforeAll(() => service.start(), 60_000);
  afterAll(() => service.stop());

  it('hands over what campaigns asked for, and tells it', async () => {
    const contacts = [newId(), newId(), newId()];
    const requests = await service.dispatch(contacts);
    await service.settled(3);
    expect(service.peer.kept.map(({ to }) => to[0]).sort()).toEqual(
      contacts.map((id) => PermitOffice.addressOf(id)).sort(),
    );
    const told = await service.cluster.published(AttemptConcluded);
    expect(told.map(({ intentId }) => intentId).sort()).toEqual(
      requests.map(({ intentId }) => intentId).sort(),
    );
    expect(told.every(({ outcome }) => outcome === typesV1.Outcome.OUTCOME_SENT)).toBe(true);
  });
});
