import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, permissionsOf } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { prefixOf, readApiKey, writeApiKey } from './api-key-text.js';
import { isUseNoted, permitted, scopeViolations, stateOf, tokenSeconds } from './api-key.js';

const at = new Date('2026-11-23T09:00:00Z');
const plus = (ms: number) => new Date(at.getTime() + ms);
const key = {
  ...{ apiKeyId: newId(), memberId: newId(), name: 'crm', scopes: ['contacts.read'], createdAt: at },
  ...{ expiresAt: null, lastUsedAt: null, revokedAt: null },
};

describe('the text of an API key', () => {
  it('says its tenant and its id, and leads to the digest that was kept', () => {
    const [tenantId, apiKeyId] = [newId(), newId()];
    const { text, hash } = writeApiKey(tenantId, apiKeyId, randomBytes(32));
    expect(text.startsWith(prefixOf(tenantId, apiKeyId))).toBe(true);
    expect(readApiKey(text)).toEqual({ tenantId, apiKeyId, hash });
  });

  it('has one spelling, in which no character can be changed without leading elsewhere', () => {
    const { text, hash } = writeApiKey(newId(), newId(), randomBytes(32));
    for (let i = 5; i < text.length; i++) {
      const other = text[i] === 'a' ? 'b' : 'a';
      const changed = readApiKey(text.slice(0, i) + other + text.slice(i + 1));
      expect([i, changed?.hash.equals(hash) ?? false]).toEqual([i, false]);
    }
    for (const broken of [
      '',
      'heed_',
      `${text}=`,
      `${text} `,
      ` ${text}`,
      text.slice(0, -1),
      `${text}A`,
      text.toUpperCase(),
    ]) {
      expect(readApiKey(broken)).toBeUndefined();
    }
  });
});

describe('the scopes of an API key', () => {
  const owner = permissionsOf(['owner']);

  it('are permissions that its maker has', () => {
    expect(scopeViolations(['contacts.read', 'lists.write'], owner)).toEqual([]);
    expect(
      scopeViolations(
        ['contacts.read', 'nonsense', 'contacts.read', 'requests.write'],
        permissionsOf(['admin']),
      ),
    ).toEqual([
      { field: 'scopes[1]', reason: 'UNKNOWN_PERMISSION' },
      { field: 'scopes[2]', reason: 'REPEATED' },
      { field: 'scopes[3]', reason: 'PERMISSION_LACKING' },
    ]);
  });

  it('are never those by which it could make successors of itself', () => {
    const refused = PERMISSIONS.filter((scope) => scopeViolations([scope], new Set(PERMISSIONS)).length > 0);
    expect(refused).toEqual(['api_keys.manage', 'members.manage']);
  });

  it('permit no more than its maker may do today', () => {
    expect(permitted(['contacts.read', 'members.read', 'gone.away'], ['agent'])).toEqual(['contacts.read']);
    expect(permitted(['contacts.read'], [])).toEqual([]);
  });
});

describe('an API key', () => {
  it('expires at its very moment, and its tokens with it', () => {
    const expiring = { ...key, expiresAt: plus(90_500) };
    expect([stateOf(expiring, plus(90_499)), stateOf(expiring, plus(90_500))]).toEqual(['active', 'expired']);
    expect([tokenSeconds(key, at), tokenSeconds(expiring, at), tokenSeconds(expiring, plus(90_400))]).toEqual(
      [300, 90, 1],
    );
    expect(stateOf({ ...expiring, revokedAt: at }, plus(90_500))).toBe('revoked');
  });

  it('has its use noted once a minute', () => {
    expect(isUseNoted(key, at)).toBe(true);
    expect(isUseNoted({ ...key, lastUsedAt: at }, plus(59_999))).toBe(false);
    expect(isUseNoted({ ...key, lastUsedAt: at }, plus(60_000))).toBe(true);
  });
});
