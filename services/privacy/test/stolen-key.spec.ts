import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SETTINGS, type FrameSettings } from '@heed/config';
import { privacyV1 } from '@heed/contracts';
import { SigningKey } from '@heed/kernel';
import { brokenPromises } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { silent } from './people/people.js';
import { Town } from './town.js';

const { LogServiceService, RequestState } = privacyV1;

describe('a service whose key was stolen', () => {
  let town: Town;
  beforeAll(async () => {
    town = await Town.open(silent);
  });
  afterAll(() => town?.close());

  const erased = async (requestId: string) => {
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    return town.certificate(requestId);
  };
  const leafTypes = (certificate: Buffer) =>
    (JSON.parse(certificate.toString()) as { log: { leaves: { data: string }[] } }).log.leaves
      .map(({ data }) => JSON.parse(Buffer.from(data, 'base64').toString()) as Record<string, string>)
      .filter(({ service }) => service === 'telephony')
      .map(({ type }) => type);

  it('6.8 answers nothing by it once it is revoked, says the same by the next, and what it had proved stays proved', async () => {
    const before = await town.request({ subjectId: await town.person() });
    const proved = await erased(before.requestId);
    const telephony = town.cluster.service('telephony');
    const stolen = telephony.get(SigningKey as never) as SigningKey;
    const operator = await town.cluster.asMember('privacy', { token: await town.cluster.operatorToken() });
    const subjectId = await town.person();
    // Signed by the stolen key, and not looked at before that is revoked.
    const { requestId } = await town.whileLocked('privacy', 'batch_receipt', async () => {
      const request = await town.request({ subjectId });
      const signed = () =>
        town.sql(
          'telephony',
          'select 1 from heed.receipt join heed.order_taken using (tenant_id, batch_id) where request_id = $1',
          [request.requestId],
        );
      await town.until(signed, (rows) => rows.length > 0);
      const { publicKey } = stolen;
      await operator.of(LogServiceService).revokeServiceKey({ service: 'telephony', publicKey });
      return request;
    });
    const refused = () =>
      town.sql(
        `privacy`,
        `select 1 from heed.due_work where queue = 'receipts' and reason = 'RECEIPT_KEY_REVOKED'`,
      );
    await town.until(refused, (rows) => rows.length > 0);
    expect(await town.read(requestId)).toMatchObject({ closedAt: '' });

    // As heed keys revoke does: another key lies in the file, and the service is started anew.
    await telephony.kill();
    rmSync((telephony.get(SETTINGS) as FrameSettings).HEED_SIGNING_KEY_FILE);
    await town.cluster.restart('telephony');
    await town.sql('privacy', `update heed.due_work set due_at = '2000-01-01' where queue = 'ask-again'`);
    const after = await erased(requestId);
    const vkey = await town.vkey();
    for (const file of [proved, after, await town.certificate(before.requestId)])
      verifyCertificate(file, vkey);
    expect(leafTypes(proved)).toEqual(['key_added', 'receipt', 'probe']);
    expect(leafTypes(after)).toEqual(['key_added', 'key_revoked', 'key_added', 'receipt', 'probe']);
    const broken = await brokenPromises(town.cluster.database('privacy'));
    expect(broken.filter((finding) => finding.startsWith('I6'))).toEqual([]);
    await expect(
      operator.of(LogServiceService).revokeServiceKey({ service: 'contacts', publicKey: stolen.publicKey }),
    ).rejects.toMatchObject({ reason: 'LOG_KEY_OF_ANOTHER' });
  });
});
