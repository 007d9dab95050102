import { describe, expect, it } from '@jest/globals';
import {
  ConsentChanged,
  contactsV1,
  eventTypes,
  messageRules,
  PERMISSIONS,
  permissionsOf,
  ReceiptSigned,
  ROLES,
  rpcRules,
  topics,
  typesV1,
} from './index.js';

describe('the contracts', () => {
  it('give every permission to some role, and no role one that nothing asks for', () => {
    const granted = permissionsOf(ROLES);
    expect(PERMISSIONS.filter((permission) => !granted.has(permission))).toEqual([]);
    expect([...granted].filter((permission) => !PERMISSIONS.includes(permission))).toEqual([]);
  });

  it('permit nothing to an unknown role', () => {
    expect(permissionsOf(['root', 'constructor'])).toEqual(new Set());
  });

  it('never retry or replay a permit (ATTACKS 2.9)', () => {
    expect(rpcRules['/heed.contacts.v1.PermitsService/BatchIssuePermits']?.idempotency).toBe('none');
  });

  it('let no event carry a field with personal data (I3)', () => {
    const personal = eventTypes.flatMap((event) =>
      Object.entries(event.fields)
        .filter(([, rule]) => rule.personal)
        .map(([field]) => `${event.name}.${field}`),
    );
    expect(personal).toEqual([]);
  });

  it('let every list be read by pages of a bounded size', () => {
    // Of a few keys or connections each, which are wanted whole.
    const whole = ['ListServiceKeys', 'ListLogKeys', 'ListProviderConnections'];
    const unpaged = Object.entries(rpcRules)
      .filter(([rpc]) => /\/List\w+$/.test(rpc) && !whole.includes(rpc.split('/')[2]!))
      .filter(([, { request }]) => {
        const { pageSize, pageToken } = messageRules[request] ?? {};
        return !(pageSize?.min === 0 && pageSize.max === 1000 && (pageToken?.maxLength ?? 0) > 0);
      });
    expect(unpaged).toEqual([]);
  });

  it('bound every filter of a list, and let a span of time be open at either end', () => {
    const lists = Object.entries(rpcRules).filter(([rpc]) => /\/List\w+$/.test(rpc));
    const filters = lists.flatMap(([, { request }]) =>
      Object.entries(messageRules[request] ?? {}).map(([field, rule]) => ({ request, field, rule })),
    );
    const unbounded = filters.filter(
      ({ rule: { uuid, time, pattern, maxLength, enum: values, max } }) =>
        !uuid && !time && pattern === undefined && !(maxLength || values || max),
    );
    expect(unbounded).toEqual([]);
    const lonely = filters
      .filter(({ rule }) => rule.time)
      .filter(({ request, field }) => {
        const other = field.endsWith('After')
          ? field.replace(/After$/, 'Before')
          : field.replace(/Before$/, 'After');
        return other === field || !messageRules[request]?.[other]?.time;
      });
    expect(lonely).toEqual([]);
  });

  it('give each service a topic of its own for receipts, and each topic its partitions', () => {
    expect(ReceiptSigned.telephony.topic).toBe('heed.telephony.receipt.v1');
    expect(new Set(topics.map((topic) => topic.name)).size).toBe(topics.length);
    expect(
      eventTypes.map((event) => event.topic).filter((name) => !topics.some((t) => t.name === name)),
    ).toEqual([]);
  });

  it('carry an event through its codec', () => {
    const event = contactsV1.ConsentChanged.fromPartial({
      contactId: '0190c9a8-0000-7000-8000-000000000001',
      channel: typesV1.Channel.CHANNEL_EMAIL,
      purpose: 'newsletter',
      state: contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT,
      epoch: 3n,
    });
    expect(ConsentChanged.codec.decode(ConsentChanged.codec.encode(event).finish())).toEqual(event);
    expect(messageRules[ConsentChanged.name]?.['contactId']).toEqual({ required: true, uuid: true });
  });
});
