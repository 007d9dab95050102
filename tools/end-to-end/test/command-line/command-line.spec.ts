import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import pg from 'pg';
import { PASSWORD, SixServices, type Tenant } from '../world/six-services.js';
import { CommandLine } from './heed.js';

const ADDRESSES = /ann\.canary|bob\.canary|@example\.org/;

const world = new SixServices();
let heed: CommandLine;
let tenant: Tenant;
let listId: string;
let campaignId: string;
let ann: string;

beforeAll(async () => {
  await world.start();
  heed = new CommandLine(world);
  tenant = await world.found('acme');
});
afterAll(async () => {
  heed?.close();
  await world.stop();
});

const textOf = (value: unknown): string => JSON.stringify(value);

describe('heed login', () => {
  const login = () => heed.run('login', '--tenant', 'acme', '--email', tenant.email);

  it('keeps nothing after a wrong password, and says what to do without a session', async () => {
    process.env['HEED_PASSWORD'] = 'wrong';
    expect(await login()).toMatchObject({ code: 3, err: expect.stringMatching(/SIGN_IN_REFUSED/) });
    expect(await heed.run('campaigns', 'list')).toMatchObject({
      code: 3,
      err: expect.stringMatching(/NOT_SIGNED_IN.*heed login/),
    });
  });

  it('keeps a session that nobody else may read', async () => {
    process.env['HEED_PASSWORD'] = PASSWORD;
    expect((await login()).code).toBe(0);
    expect(statSync(join(heed.folder, 'config', 'session.json')).mode & 0o777).toBe(0o600);
  });
});

describe('heed domains', () => {
  it('makes a domain, prints the records to copy, and says what DNS does not hold', async () => {
    const made = await heed.run('domains', 'create', 'Acme.Example');
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/_domainkey\.acme\.example .*\nv=DKIM1; k=rsa; p=/),
    });
    const { documents: listed } = await heed.run('--json', 'domains', 'list', '--state', 'pending');
    expect(listed).toMatchObject([{ domain: 'acme.example', state: 'SENDER_DOMAIN_STATE_PENDING' }]);
    const { senderDomainId: id } = listed[0] as { senderDomainId: string };
    expect(await heed.run('domains', 'verify', id)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/unreachable/),
    });
    expect(await heed.run('domains', 'rotate', id)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ROTATION_PENDING/),
    });
    expect((await heed.run('domains', 'delete', id)).code).toBe(0);
    expect(await heed.run('domains', 'show', id)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/SENDER_DOMAIN_NOT_FOUND/),
    });
  });
});

describe('heed contacts', () => {
  it('imports a file and says what was refused', async () => {
    const consent = 'newsletter,email,consent,2026-01-01T00:00:00Z,form';
    const file = heed.file(
      'people.csv',
      'email,first_name,consent_purpose,consent_channel,consent_basis,consent_at,consent_source\n' +
        `ann.canary@example.org,Ann,${consent}\nbob.canary@example.org,Bob,${consent}\nnonsense,Eve,,,,,\n`,
    );
    const { code, documents } = await heed.run(
      ...['--json', 'contacts', 'import', file, '--list', 'Everybody', '--create'],
    );
    expect({ code, documents }).toMatchObject({ code: 0, documents: [{ accepted: '2', rejected: '1' }] });
    listId = documents[0]!['listId'] as string;
    const missing = await heed.run('contacts', 'import', '/nowhere.csv', '--list', listId);
    expect(missing).toMatchObject({ code: 2, err: expect.stringMatching(/FILE_UNREADABLE: \/nowhere.csv/) });
  });

  it('searches page by page, to the limit, and says that there is more', async () => {
    const all = await heed.run('--json', 'contacts', 'search', '--list', listId);
    expect(all.documents).toHaveLength(2);
    expect(all.err).toBe('');
    const one = await heed.run('--json', 'contacts', 'search', '--list', listId, '--limit', '1');
    expect(one.documents).toHaveLength(1);
    expect(one.err).toMatch(/higher --limit/);
    const found = await heed.run('--json', 'contacts', 'search', '--address', 'ann.canary@example.org');
    ann = found.documents[0]!['contactId'] as string;
    expect((await heed.run('contacts', 'search', '--country', 'DE')).out).toMatch(/\(none\)/);
    expect((await heed.run('contacts', 'lists', '--name', 'every')).out).toContain(listId);
  });

  it('shows a person with masked addresses, and in clear only when asked to', async () => {
    const masked = await heed.run('contacts', 'show', ann);
    expect(masked.out).toMatch(/newsletter +granted/);
    expect(masked.out).not.toMatch(/ann\.canary/);
    expect((await heed.run('contacts', 'show', ann, '--reveal')).out).toMatch(/ann\.canary@example\.org/);
    expect((await heed.run('contacts', 'show', newId())).code).toBe(1);
    expect((await heed.run('contacts', 'show', 'nobody')).code).toBe(2);
  });
});

describe('heed messages', () => {
  it('makes a template, sends one message with its values and says what became of it', async () => {
    const text = heed.file('receipt.txt', 'Your order {{ values.order }}');
    const sender = ['--sender-name', 'Acme', '--sender-address', 'shop@acme.example'];
    const made = await heed.run(
      ...['--json', 'messages', 'template', '--name', 'Receipt', '--subject', 'Order {{ values.order }}'],
      ...['--text', text, '--variable', 'order:code:20', ...sender, '--postal-address', '1 Main St'],
    );
    expect(made.err).toBe('');
    const template = made.documents[0]!['templateId'] as string;
    const found = await heed.run('--json', 'contacts', 'search', '--address', 'bob.canary@example.org');
    const bob = found.documents[0]!['contactId'] as string;
    const send = ['messages', 'send', '--contact', bob, '--template', template, '--set', 'order=A-1001'];
    const sent = await heed.run('--json', ...send, '--purpose', 'receipt', '--wait');
    expect(sent).toMatchObject({ code: 0, documents: [{ outcome: 'OUTCOME_SENT', purpose: 'receipt' }] });
    expect(textOf(sent)).not.toMatch(ADDRESSES);
    const shown = await heed.run('messages', 'show', sent.documents[0]!['attemptId'] as string);
    expect(shown.out).toMatch(/outcome +sent/);
    expect(await heed.run(...send, '--purpose', 'newsletter')).toMatchObject({
      ...{ code: 2, err: expect.stringMatching(/PURPOSE_NOT_TRANSACTIONAL/) },
    });
  });
});

describe('heed campaigns', () => {
  it('makes one of texts in files, runs it to its end and reports a ledger that comes out even', async () => {
    const text = heed.file('letter.txt', 'Hello {{ first_name }}');
    const made = await heed.run(
      ...['--json', 'campaigns', 'create', '--name', 'Spring', '--list', listId, '--purpose', 'newsletter'],
      ...[
        '--subject',
        'Spring',
        '--text',
        text,
        '--sender-name',
        'Acme',
        '--sender-address',
        'n@acme.example',
      ],
      ...['--postal-address', '1 Main St'],
    );
    expect(made.err).toBe('');
    campaignId = made.documents[0]!['campaignId'] as string;
    const ran = await heed.run('--json', 'campaigns', 'start', campaignId, '--watch');
    expect(ran).toMatchObject({ code: 0, documents: [{ state: 'CAMPAIGN_STATE_COMPLETED' }] });
    const report = await heed.run('campaigns', 'report', campaignId);
    expect(report.out).toMatch(/2 = 2 sent \+ 0 skipped \+ 0 failed \+ 0 unknown \+ 0 open/);
    const sent = await heed.run('--json', 'campaigns', 'intents', campaignId, '--outcome', 'sent');
    expect(sent.documents).toHaveLength(2);
    expect((await heed.run('campaigns', 'intents', campaignId, '--contact', ann)).out).toMatch(
      /concluded +sent/,
    );
    expect((await heed.run('campaigns', 'intents', campaignId, '--outcome', 'unknown')).out).toMatch(
      /\(none\)/,
    );
    expect((await heed.run('campaigns', 'list', '--state', 'completed')).out).toContain(campaignId);
    expect((await heed.run('campaigns', 'list', '--state', 'draft')).out).toMatch(/\(none\)/);
    const named = await heed.run(
      ...['campaigns', 'list', '--name', 'SPR', '--list', listId, '--since', '2020-01-01'],
    );
    expect(named.out).toContain(campaignId);
    expect((await heed.run('campaigns', 'list', '--until', '2020-01-01')).out).toMatch(/\(none\)/);
    expect(await heed.run('campaigns', 'list', '--since', 'yesterday')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/a day \(2026-11-01\) or a time/),
    });
  });

  it('pauses, resumes and cancels, and gives the reason where that is too late', async () => {
    for (const command of ['pause', 'resume', 'cancel']) {
      const late = await heed.run('campaigns', command, campaignId);
      expect(late).toMatchObject({ code: 1, err: expect.stringMatching(/^heed: CAMPAIGN_[A-Z_]+: /) });
    }
  });

  it('has who made and started it in the audit log, once each', async () => {
    const told = async () => {
      const { documents } = await heed.run('--json', 'audit', 'list', '--subject', campaignId);
      return (documents as { action: string }[]).map(({ action }) => /\w+$/.exec(action)![0]);
    };
    let actions = await told();
    for (; actions.length < 2; actions = await told()) await systemClock.wait(100);
    expect(actions.toSorted()).toEqual(['CreateCampaign', 'StartCampaign']);
  });
});

describe('heed permits', () => {
  const explain = (...more: string[]) =>
    heed.run(...more, 'permits', 'explain', ann, '--channel', 'email', '--purpose', 'newsletter');

  it('takes the rules of the tenant from a file, and shows them', async () => {
    const hours = { opens: '00:00', closes: '24:00', timeZone: 'Europe/Berlin' };
    const caps = [{ channel: 'CHANNEL_EMAIL', purpose: 'newsletter', most: 1, periodHours: 24 }];
    const optOutConfirmation = { sources: ['CONSENT_SOURCE_REPLY'], withinMinutes: 3 };
    const rules = { frequencyCaps: caps, contactHours: [hours], optOutConfirmation };
    const file = heed.file('rules.json', textOf(rules));
    const changed = await heed.run('--json', 'permits', 'rules', '--set', file);
    expect(changed.documents).toMatchObject([{ etag: '1', ...rules }]);
    const { out } = await heed.run('permits', 'rules');
    expect(out).toMatch(/email\s+newsletter\s+1\s+24\n/);
    expect(out).toMatch(/reply \(3 min\)/);
    const stale = heed.file('stale.json', textOf({ etag: '7' }));
    expect(await heed.run('permits', 'rules', '--set', stale)).toMatchObject({
      ...{ code: 1, err: expect.stringMatching(/^heed: ETAG_MISMATCH: /) },
    });
  });

  it('explains, rule by rule and without an address, why somebody gets no mail now', async () => {
    const { code, out } = await explain();
    expect(code).toBe(1);
    expect(out).toMatch(/denied: frequency_cap/);
    expect(out).toMatch(/frequency_cap\s+frequency_cap\s+forbids .* rule of the tenant: at most 1 in 24 h/);
    expect(out).toMatch(/contact_hours\s+outside_hours\s+allows /);
    expect(out).not.toMatch(ADDRESSES);
    expect((await explain('--json')).documents).toMatchObject([{ denial: { rule: 'frequency_cap' } }]);
    await heed.run('permits', 'rules', '--set', heed.file('no-rules.json', '{}'));
    expect((await explain()).code).toBe(0);
  });
});

describe('heed consent', () => {
  it('records an opt-out and shows the ledger, newest first', async () => {
    expect((await heed.run('consent', 'opt-out', ann, '--evidence', 'said so')).code).toBe(0);
    const history = await heed.run('--json', 'consent', 'history', ann);
    expect(history.documents).toMatchObject([
      { state: 'CONSENT_STATE_OPTED_OUT' },
      { state: 'CONSENT_STATE_GRANTED' },
    ]);
    const voice = await heed.run('--json', 'consent', 'history', ann, '--channel', 'voice');
    expect(voice.documents).toMatchObject([{ state: 'CONSENT_STATE_OPTED_OUT' }]);
  });

  it('2.10 shows on the opt-out what a system of others had taken before it', async () => {
    const history = await heed.run('--json', 'consent', 'history', ann);
    const [optOut, consent] = history.documents.map(({ entryId }) => entryId as string);
    const shown = await heed.run('--json', 'consent', 'show-opt-out', optOut!);
    expect(shown.documents).toMatchObject([
      {
        entry: { entryId: optOut, contactId: ann },
        inFlight: [
          {
            ...{ channel: 'CHANNEL_EMAIL', purpose: 'newsletter' },
            ...{ state: 'IN_FLIGHT_STATE_HANDED_OVER', since: expect.stringMatching(/^\d{4}-/) },
          },
        ],
      },
    ]);
    expect((await heed.run('consent', 'show-opt-out', optOut!)).out).toMatch(
      /email +newsletter .* handed_over/,
    );
    expect(await heed.run('consent', 'show-opt-out', consent!)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^heed: OPT_OUT_NOT_FOUND: /),
    });
  });
});

describe('heed events', () => {
  it('tails what is on the bus to its end, filtered, decoded, without an address', async () => {
    const tailed = await heed.run(
      ...['--json', 'events', 'tail', '--from', 'beginning', '--subject', ann, '--type', 'ConsentChanged'],
    );
    expect(tailed.code).toBe(0);
    expect(tailed.documents.map(({ data }) => (data as { contactId: string }).contactId)).toEqual([ann, ann]);
    expect(tailed.out).not.toMatch(ADDRESSES);
    const first = await heed.run('events', 'tail', '--from', 'beginning', '--limit', '1');
    expect(first.out.trim().split('\n')).toHaveLength(1);
    expect(await heed.run('events', 'tail', '--topic', 'nonsense')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/TOPIC_UNKNOWN: nonsense: there are heed\./),
    });
  });

  it('lists what is parked, and has the service try it again', async () => {
    const group = 'campaigns.skip-opted-out';
    expect(await heed.run('events', 'parked')).toMatchObject({ code: 0, out: expect.stringMatching(/none/) });
    expect(await heed.run('events', 'replay', group, '--all')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/NOTHING_PARKED/),
    });
    const key = await parkEventOf(group);
    const parked = await heed.run('--json', 'events', 'parked');
    expect(parked).toMatchObject({
      code: 1,
      documents: [
        {
          ...{ consumer: group, key, reason: 'EVENT_ID_INVALID' },
          type: expect.stringMatching(/\.ConsentChanged$/),
        },
      ],
    });

    const again = await heed.run('events', 'replay', group, '--key', key);
    expect(again).toMatchObject({
      code: 1,
      out: expect.stringMatching(/stands still again +EVENT_ID_INVALID +2/),
    });
    await inCampaigns(`update heed.parked set headers = headers || jsonb_build_object('ce_id', event_id)`);
    const mended = await heed.run('events', 'replay', group, '--all');
    expect(mended).toMatchObject({ code: 0, out: expect.stringMatching(/goes on/) });
    expect((await heed.run('events', 'parked')).code).toBe(0);
  });
});

describe('heed requests and heed certificate', () => {
  it('take an erasure to its proof', async () => {
    const ran = await heed.run(
      ...['--json', 'requests', 'create', '--right', 'erasure', '--email', 'bob.canary@example.org'],
      ...['--verified', 'email_code', '--watch'],
    );
    expect(ran).toMatchObject({ code: 0, documents: [{ state: 'REQUEST_STATE_COMPLETED' }] });
    const requestId = ran.documents[0]!['requestId'] as string;
    expect((await heed.run('requests', 'list', '--right', 'erasure')).out).toContain(requestId);
    const soon = await heed.run('requests', 'list', '--due-before', '2020-01-01');
    expect(soon.out).toMatch(/\(none\)/);
    const shown = await heed.run('requests', 'show', requestId);
    expect(shown.out).toMatch(/contacts +contacts\.contact +erased/);
    expect((await heed.run('requests', 'show', requestId, '--silent')).out).toMatch(/\(none\)/);

    const file = join(heed.folder, 'erasure.json');
    const got = await heed.run('--json', 'certificate', 'get', requestId, '--out', file);
    const key = got.documents[0]!['log_key'] as string;
    expect(await heed.run('certificate', 'verify', file, '--key', key)).toMatchObject({ code: 0 });
    const another = heed.file('another.json', '{}');
    expect((await heed.run('certificate', 'verify', another, '--key', key)).code).toBe(1);

    const traced = await heed.run('--json', 'trace', requestId);
    const taken = traced.documents.filter(({ what }) => what === 'order to erase taken');
    expect(taken.map(({ service }) => service).sort()).toEqual([...SERVICES].sort());
    expect(traced.out).not.toMatch(ADDRESSES);
  });
});

describe('heed trace', () => {
  it('tells the story of a person in order, from every service that has a part in it, without an address', async () => {
    const { code, documents, out } = await heed.run('--json', 'trace', ann);
    expect(code).toBe(0);
    const story = documents.map(({ what }) => what as string);
    const order = ['contact created', 'granted email', 'attempt queued', 'attempt armed', 'attempt sent'];
    const places = [...order, 'intent concluded sent', 'opted_out'].map((part) =>
      story.findIndex((what) => what.startsWith(part)),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(story).toContain('taken in by campaigns.skip-opted-out');
    expect(out).not.toMatch(ADDRESSES);
  });

  it('tells of a message only what is its own', async () => {
    const person = await heed.run('--json', 'trace', ann);
    const { ids } = person.documents.find(({ what }) => what === 'attempt sent') as {
      ids: { attempt: string; intent: string };
    };
    for (const id of [ids.attempt, ids.intent]) {
      const { documents } = await heed.run('--json', 'trace', id);
      const attempts = documents.flatMap(
        (document) => (document['ids'] as { attempt?: string }).attempt ?? [],
      );
      expect(new Set(attempts)).toEqual(new Set([ids.attempt]));
      expect(textOf(documents)).toContain('permit issued to messaging');
    }
  });

  it('shows a sender that was killed, and the one that came after it', async () => {
    await world.cluster.restart('messaging');
    await foundLost();
    const again = await heed.run(
      ...['--json', 'campaigns', 'create', '--name', 'Again', '--list', listId, '--purpose', 'newsletter'],
      ...['--subject', 'Again', '--text', join(heed.folder, 'letter.txt'), '--sender-name', 'Acme'],
      ...['--sender-address', 'n@acme.example', '--postal-address', '1 Main St'],
    );
    const id = again.documents[0]!['campaignId'] as string;
    expect((await heed.run('campaigns', 'start', id, '--watch')).code).toBe(0);
    const { documents } = await heed.run('--json', 'trace', ann);
    expect(documents.filter(({ from, what }) => from === 'sender' && what === 'sender started')).toHaveLength(
      1,
    );
  });

  it('says what it does not know', async () => {
    expect(await heed.run('trace', newId())).toMatchObject({
      code: 1,
      err: expect.stringMatching(/NOTHING_KNOWN/),
    });
    expect(await heed.run('trace', 'ann')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/ID_INVALID/),
    });
  });
});

describe('heed status and heed check', () => {
  it('find every service serving, and the promises kept', async () => {
    expect(await heed.run('status')).toMatchObject({ code: 0 });
    expect(await heed.run('check', '--invariant', 'I7')).toMatchObject({ code: 0 });
  });
});

/** An event that the consumer could not read, as it would have parked it: its id is missing. Answers its key. */
async function parkEventOf(group: string): Promise<string> {
  const contacts = new pg.Client(world.cluster.database('contacts').urlOf('probe'));
  await contacts.connect();
  const { rows } = await contacts.query<{
    id: string;
    key: string;
    headers: object;
    payload: Buffer;
    topic: string;
  }>(
    `select id, key, topic, payload, jsonb_build_object('ce_specversion', '1.0', 'ce_type', type,
       'ce_source', 'heed/contacts', 'ce_time', occurred_at, 'ce_tenantid', tenant_id, 'ce_subject', subject,
       'content-type', 'application/protobuf') as headers
     from heed.outbox where type like '%ConsentChanged' and subject = $1 order by seq desc limit 1`,
    [ann],
  );
  await contacts.end();
  const { id, key, headers, payload, topic } = rows[0]!;
  await inCampaigns(
    'insert into heed.parked_key (consumer, topic, key, since) values ($1, $2, $3, clock_timestamp())',
    [...[group, topic, key]],
  );
  await inCampaigns(
    `insert into heed.parked (consumer, topic, partition, "offset", key, event_id, headers, payload, reason, parked_at)
     values ($1, $2, 0, '7', $3, $4, $5, $6, 'EVENT_ID_INVALID', clock_timestamp())`,
    [group, topic, key, id, headers, payload],
  );
  return key;
}

/** A sender is found lost when it has been silent for ten seconds. */
async function foundLost(): Promise<void> {
  const messaging = new pg.Client(world.cluster.database('messaging').urlOf('probe'));
  await messaging.connect();
  const swept = async () =>
    (await messaging.query('select 1 from sender where swept_at is not null')).rowCount ?? 0;
  try {
    while ((await swept()) === 0) await systemClock.wait(100);
  } finally {
    await messaging.end();
  }
}

async function inCampaigns(sql: string, values: unknown[] = []): Promise<void> {
  const owner = new pg.Client(world.cluster.database('campaigns').urlOf('owner'));
  await owner.connect();
  try {
    await owner.query(sql, values);
  } finally {
    await owner.end();
  }
}
