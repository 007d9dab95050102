import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, SigningKey } from '@heed/kernel';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { KeyFile } from '../src/keys/key-file.js';
import { IdentityFixture } from './identity-fixture.js';

describe('keys of access tokens', () => {
  let identity: IdentityFixture;
  beforeAll(async () => {
    identity = await IdentityFixture.create();
  });
  afterAll(() => identity.database.drop());

  const holder = {
    ...{
      kind: 'member' as const,
      tenantId: newId(),
      memberId: newId(),
      sessionId: newId(),
      roles: ['agent'],
    },
  };
  const served = async () => (await identity.accessTokens.keySet()).keys.map(({ kid }) => kid);
  const verifies = async (token: string) =>
    jwtVerify(token, createLocalJWKSet(await identity.accessTokens.keySet()), {
      currentDate: identity.clock.now(),
    }).then(
      () => true,
      (error: Error) => error.name,
    );

  it('verify until the last token that they signed has died, and not much longer', async () => {
    const old = identity.tokenKey;
    const before = await identity.accessTokens.mint(holder);
    await identity.clock.advance(300_000);
    const late = await identity.accessTokens.mint(holder);
    identity.tokenKey = SigningKey.generate();
    const after = await identity.accessTokens.mint(holder);
    expect(await served()).toEqual([identity.tokenKey.keyId, old.keyId]);
    for (const token of [before, late, after]) expect(await verifies(token)).toBe(true);
    // The last one signed by the old key lives 600 s.
    await identity.clock.advance(599_000);
    expect([await verifies(late), await verifies(after)]).toEqual([true, true]);
    // Slack for slow clocks and the time written down ahead.
    await identity.clock.advance(1_000 + 60_000 + 600_000);
    expect(await served()).toEqual([identity.tokenKey.keyId]);
  });

  it('are served before they sign, also by a replica that has signed nothing', async () => {
    identity.tokenKey = SigningKey.generate();
    const replica = identity.tokenKeys();
    expect((await replica.served()).map(({ keyId }) => keyId)).toContain(identity.tokenKey.keyId);
    const another = SigningKey.generate();
    identity.tokenKey = another;
    await replica.signer(identity.clock.now());
    expect(await served()).toContain(another.keyId);
  });

  it('are not written down anew for every token', async () => {
    const writtenUntil = async () => {
      const [row] = await identity.uow.runAcross('service', (tx) =>
        tx.query<{ until: Date }>('select max(served_until) as until from token_key'),
      );
      return row!.until.getTime();
    };
    identity.tokenKey = SigningKey.generate();
    await identity.accessTokens.mint(holder);
    const until = await writtenUntil();
    await identity.clock.advance(500_000);
    await identity.accessTokens.mint(holder);
    expect(await writtenUntil()).toBe(until);
    await identity.clock.advance(200_000);
    await identity.accessTokens.mint(holder);
    expect(await writtenUntil()).toBeGreaterThan(until);
  });

  it('of sessions that began before a rotation end them after it', async () => {
    const token = await identity.accessTokens.mint(holder);
    identity.tokenKey = SigningKey.generate();
    expect(await identity.accessTokens.sessionOf(token)).toEqual({
      ...{ tenantId: holder.tenantId, memberId: holder.memberId, sessionId: holder.sessionId },
    });
  });
});

describe('the file of a key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-key-file-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read again when another key was put there, and goes on without while none is', () => {
    const path = join(folder, 'token.pem');
    const file = new KeyFile(path, { create: true });
    const first = file.key();
    expect(file.key()).toBe(first);
    const next = SigningKey.generate();
    writeFileSync(`${path}.draft`, next.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
    renameSync(`${path}.draft`, path);
    expect(file.key().keyId).toBe(next.keyId);
    rmSync(path);
    expect(file.key().keyId).toBe(next.keyId);
  });
});
