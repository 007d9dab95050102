import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import {
  localPartOf,
  readLocalPart,
  SEAL_BYTES,
  tenantHandleOf,
  type AddressKind,
} from './inbound-address.js';

const address = (kind: AddressKind = 'reply') => ({
  ...{ kind, tenantHandle: tenantHandleOf(newId()), attemptId: newId() },
  seal: randomBytes(SEAL_BYTES),
});

describe('an address that answers come to', () => {
  it.each<AddressKind>(['bounce', 'reply', 'unsubscribe'])('for a %s comes back as what went in', (kind) => {
    for (let n = 0; n < 200; n++) {
      const made = address(kind);
      expect(readLocalPart(localPartOf(made))).toEqual(made);
    }
  });

  it('fits before an @, needs no quotes, and survives servers that change its case', () => {
    const made = address();
    const local = localPartOf(made);
    expect(local).toMatch(/^[a-z2-7]{1,64}$/);
    expect(readLocalPart(local.toUpperCase())).toEqual(made);
  });

  it('has one spelling', () => {
    const local = localPartOf(address());
    for (const other of [
      '',
      local.slice(1),
      `${local}a`,
      `x${local.slice(1)}`,
      `${local.slice(0, -1)}1`,
      `${local}=`,
    ]) {
      expect(readLocalPart(other)).toBeUndefined();
    }
  });

  it('says nothing of who wrote to whom', () => {
    const tenantId = newId();
    const local = localPartOf({ ...address(), tenantHandle: tenantHandleOf(tenantId) });
    expect(local).not.toContain(tenantId.slice(0, 8));
  });
});
