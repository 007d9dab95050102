import { describe, expect, it } from '@jest/globals';
import { canonicalJson, newId, SigningKey } from '@heed/kernel';
import { verifyCertificate } from '../src/index.js';
import { certify, draft, SWEPT, vkeyOf, type Draft } from './certificate-maker.js';

const logKey = SigningKey.generate();
const vkey = vkeyOf(logKey);

function verified(made: Draft) {
  return verifyCertificate(Buffer.from(canonicalJson(certify(made, logKey))), vkey).claims.sweep;
}

function refused(made: Draft, spoil: (file: ReturnType<typeof certify>) => void = () => undefined): string {
  const file = certify(made, logKey);
  spoil(file);
  try {
    verifyCertificate(Buffer.from(canonicalJson(file)), vkey);
  } catch (error) {
    return (error as { reason: string }).reason;
  }
  return 'taken';
}

describe('6.7 the sweep in a certificate', () => {
  it('is due in one that was handed out before it', () => {
    expect(verified(draft())).toEqual({ state: 'DUE', services: [] });
    expect(verified({ ...draft(), sweeps: { contacts: {} } })?.state).toBe('DUE');
  });

  it('is done once each service has searched, and says what each has found', () => {
    const sweeps = { contacts: {}, telephony: { found: 0, excepted: 0 } };
    const sweep = verified({ ...draft(), sweeps })!;
    expect(sweep.state).toBe('DONE');
    expect(sweep.services).toMatchObject([
      { ...SWEPT, service: 'contacts' },
      { service: 'telephony', found: 0, excepted: 0 },
    ]);
  });

  it('is done without participants, whom nobody asks', () => {
    expect(verified({ ...draft(), participants: ['telephony'], sweeps: { contacts: {} } })?.state).toBe(
      'DONE',
    );
  });

  it('is refused where it is about another request, person or tenant', () => {
    for (const about of ['request', 'subject', 'tenant']) {
      expect(refused({ ...draft(), sweeps: { contacts: { [about]: newId() } } })).toBe(
        'STATEMENT_OF_ANOTHER',
      );
    }
  });

  it('is refused where another key signed it, or its words were changed', () => {
    const made = { ...draft(), sweeps: { contacts: {} } };
    const other = { ...made, keyLeaves: ['telephony'] };
    expect(refused(other)).toBe('SERVICE_KEY_UNKNOWN');
    const altered = refused(made, (file) => {
      const [sweep] = file['sweeps'] as { statement: string }[];
      const text = Buffer.from(sweep!.statement, 'base64').toString().replace('"found":1', '"found":0');
      sweep!.statement = Buffer.from(text).toString('base64');
    });
    expect(altered).toBe('STATEMENT_NOT_COMMITTED');
  });

  it('is refused where the readable part says that it is done, or clean, and it is not', () => {
    const said = (words: object) =>
      refused({ ...draft(), sweeps: { contacts: {} } }, (file) => {
        const { sweep } = file.claims as unknown as { sweep: object };
        Object.assign(sweep, words);
      });
    expect(said({ state: 'DONE' })).toBe('CLAIMS_NOT_PROVED');
    expect(said({ services: [] })).toBe('CLAIMS_NOT_PROVED');
  });

  it('is refused where its leaf was left out', () => {
    const made = { ...draft(), sweeps: { contacts: {} } };
    expect(refused(made, (file) => void (file['sweeps'] = []))).toBe('LEAF_MALFORMED');
  });
});
