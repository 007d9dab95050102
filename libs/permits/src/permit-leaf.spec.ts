import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { addressCommitment, decodeLeaf, encodeLeaf, type PermitLeaf } from './permit-leaf.js';

const leaf: PermitLeaf = {
  tenantId: newId(),
  permitId: newId(),
  attemptId: newId(),
  nonce: Buffer.alloc(16, 7),
  contactId: newId(),
  channel: 1,
  endpointId: newId(),
  addressCommitment: addressCommitment(Buffer.from('salt'), 'ada@people.test'),
  purpose: 'news',
  consentEntryId: newId(),
  ruleVersion: '1',
  issuedAt: '2026-11-23T09:00:00.000Z',
  lifetimeMs: 1_000,
};

describe('permit leaf', () => {
  it('is read back as it was written', () => {
    expect(decodeLeaf(encodeLeaf(leaf))).toEqual(leaf);
  });

  it('1.5 holds no address', () => {
    expect(encodeLeaf(leaf).toString()).not.toMatch(/ada@|people\.test/);
  });

  it('binds to one address and one salt', () => {
    expect(addressCommitment(Buffer.from('salt'), 'ada@people.test')).toEqual(leaf.addressCommitment);
    expect(addressCommitment(Buffer.from('salt'), 'eve@people.test')).not.toEqual(leaf.addressCommitment);
    expect(addressCommitment(Buffer.from('other'), 'ada@people.test')).not.toEqual(leaf.addressCommitment);
  });

  it.each([
    [
      'another order of members',
      (text: string) => text.replace(/^\{(.*?),/, '{').replace(/\}$/, ',"address":"00"}'),
    ],
    ['one member more', (text: string) => text.replace('{', '{"a":1,')],
    ['one member less', (text: string) => text.replace(/"rules":"1",/, '')],
    ['white space', (text: string) => text.replace(':', ': ')],
    ['another kind', (text: string) => text.replace('heed.permit.v1', 'heed.permit.v2')],
    ['no JSON', () => 'leaf'],
    ['null', () => 'null'],
  ])('is not read from %s', (_, changed) => {
    expect(decodeLeaf(Buffer.from(changed(encodeLeaf(leaf).toString())))).toBeUndefined();
  });
});
