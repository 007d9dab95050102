import { createHash, createPrivateKey, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CERTIFICATE, DOMAIN } from '../../test/opendsr-double.js';
import { erasureRequest, problemOfSignature, wordOfStatus, wordOfTaken, type HttpAnswer } from './opendsr.js';

// Made for this spec and used nowhere else: good for dsr.example, for a hundred years, with a key of Ed25519.
const ED25519 = `-----BEGIN CERTIFICATE-----
MIIBWzCCAQ2gAwIBAgIUAIElmwN3XhibRvWvTmNsI9IN750wBQYDK2VwMBYxFDAS
BgNVBAMMC2Rzci5leGFtcGxlMCAXDTI2MTEyODA0MzYyNVoYDzIxMjYxMTA0MDQz
NjI1WjAWMRQwEgYDVQQDDAtkc3IuZXhhbXBsZTAqMAUGAytlcAMhAM6bfAmM3n8O
TFL5Lpw1B67TBPgjKuVKwf/t9mhqM9/Do2swaTAdBgNVHQ4EFgQUufIvotbkDZmk
st9bzBDv3E4ZSKMwHwYDVR0jBBgwFoAUufIvotbkDZmkst9bzBDv3E4ZSKMwDwYD
VR0TAQH/BAUwAwEB/zAWBgNVHREEDzANggtkc3IuZXhhbXBsZTAFBgMrZXADQQBX
3Z1xZaQA/iIuzNmUcSIaPGeQLlNhT0fOQu3k/Ouq/bHFUo8bpmmA2p6G7isLLQfC
aTczv5CNbGa83wNB7WIG
-----END CERTIFICATE-----
`;
const ED25519_KEY = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIKmVzIM+DafndGYR2stMqZE8nUU664/58HyOO+NUnhfe
-----END PRIVATE KEY-----
`);

const order = {
  processorOrderId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  createdAt: new Date('2026-11-28T09:00:00Z'),
};
const known = [
  { channel: 'email', address: 'Ada@Example.org' },
  { channel: 'voice', address: '+4915112345678' },
] as const;
const taking = (...formats: string[]) => ({
  supported_identities: formats.map((format) => ({ identity_type: 'email', identity_format: format })),
  supported_subject_request_types: ['erasure'],
});
const asked = (...formats: string[]) =>
  JSON.parse(
    erasureRequest({ regulation: 'ccpa' }, order, known, taking(...formats), 'heed.local')?.toString() ??
      'null',
  ) as Record<string, unknown>;
const answer = (said: unknown): HttpAnswer => ({
  ...{ status: 200, domain: DOMAIN, signature: null },
  body: Buffer.from(typeof said === 'string' ? said : JSON.stringify(said)),
});

describe('an erasure as OpenDSR has it', () => {
  it('names the person by a hash where the processor takes one', () => {
    const digest = createHash('sha256').update('ada@example.org').digest('hex');
    expect(asked('raw', 'sha256')['subject_identities']).toEqual([
      { identity_type: 'email', identity_value: digest, identity_format: 'sha256' },
    ]);
    expect(asked('raw')['subject_identities']).toEqual([
      { identity_type: 'email', identity_value: 'Ada@Example.org', identity_format: 'raw' },
    ]);
  });

  it('carries numbers in an extension, which is all there is where no format is taken that is known', () => {
    expect(asked('md5')).toEqual({
      ...{ api_version: '2.0', regulation: 'ccpa', subject_request_id: order.processorOrderId },
      ...{ subject_request_type: 'erasure', submitted_time: '2026-11-28T09:00:00.000Z' },
      extensions: { 'heed.local': { phone_numbers: ['+4915112345678'] } },
    });
    expect(
      erasureRequest({ regulation: 'gdpr' }, order, [known[0]], taking('md5'), 'heed.local'),
    ).toBeUndefined();
  });

  it('was taken where the answer repeats it, byte for byte', () => {
    const body = Buffer.from('{"a": 1}');
    const said = {
      ...{ subject_request_id: order.processorOrderId, encoded_request: body.toString('base64') },
      expected_completion_time: '2026-12-28T09:00:00+01:00',
    };
    expect(wordOfTaken(answer(said), body, order.processorOrderId)).toMatchObject({
      ...{ state: 'PENDING', saidBy: 'PROCESSOR', reference: order.processorOrderId },
      expectedBy: new Date('2026-12-28T08:00:00Z'),
    });
    for (const other of [
      { ...said, encoded_request: Buffer.from('{"a":1}').toString('base64') },
      { ...said, subject_request_id: '7c9e6679-7425-40de-944b-e07fc1f90ae8' },
      { ...said, expected_completion_time: 'soon' },
      '',
    ])
      expect(wordOfTaken(answer(other), body, order.processorOrderId)).toBe('ANSWER_MALFORMED');
  });

  it('is as far as the answer about this very request says', () => {
    const said = { subject_request_id: order.processorOrderId, request_status: 'in_progress' };
    expect(wordOfStatus(answer(said), order.processorOrderId)).toMatchObject({
      ...{ state: 'IN_PROGRESS', expectedBy: null },
    });
    for (const other of [{ ...said, request_status: 'failed' }, { ...said, subject_request_id: 'x' }, '[]'])
      expect(wordOfStatus(answer(other), order.processorOrderId)).toBe('ANSWER_MALFORMED');
  });

  it('6.2 is answered by nobody whose certificate is not valid then, or is of another domain', () => {
    const processor = { domain: DOMAIN, certificate: CERTIFICATE };
    const given = answer('{}');
    expect(problemOfSignature(processor, given, new Date('2020-01-01'))).toBe('CERTIFICATE_EXPIRED');
    const at = new Date('2030-01-01');
    expect(problemOfSignature(processor, { ...given, domain: 'elsewhere.example' }, at)).toBe(
      'SIGNED_BY_ANOTHER',
    );
    expect(problemOfSignature(processor, given, at)).toBe('SIGNED_BY_ANOTHER');
  });

  it('6.2 is believed under a key of Ed25519, which takes no digest', () => {
    const processor = { domain: DOMAIN, certificate: ED25519 };
    const given = answer('{}');
    const by = (body: Buffer) => sign(null, body, ED25519_KEY).toString('base64');
    const at = new Date('2030-01-01');
    expect(problemOfSignature(processor, { ...given, signature: by(given.body) }, at)).toBeUndefined();
    expect(problemOfSignature(processor, { ...given, signature: by(Buffer.from('[]')) }, at)).toBe(
      'SIGNED_BY_ANOTHER',
    );
  });
});
