import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EngagementRecorded, messagingV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { PermitOffice } from '@heed/testing';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import PostalMime from 'postal-mime';
import { attemptIdOf } from '../src/dispatch/attempt.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';

const { EngagementKind, AutomatedReason } = messagingV1;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const TARGETS = ['https://shop.test/?a=1&b=2', 'https://shop.test/second', 'https://shop.test/third'];

describe('opens and clicks', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  let templateId: string;
  let privacy: StandInPrivacy;
  const logged: string[] = [];
  const write = (line: string) => void logged.push(line);
  beforeAll(async () => {
    await service.start({ clock, env: { HEED_TRACKING_URL: 'https://track.test/' }, write });
    privacy = await StandInPrivacy.join(service.cluster, 'messaging', {
      registrationSecret: 'registration secret of a spec',
      clock,
    });
    templateId = service.outside.template({
      htmlBody: `<body>${TARGETS.map((url) => `<a href="${url.replace('&', '&amp;')}">x</a>`).join('')}</body>`,
      ...{ trackOpens: true, trackClicks: true },
    });
  });
  afterAll(() => service.stop());
  afterEach(() => {
    service.outside.consentIsAway = false;
  });

  const edge = () => service.cluster.service('messaging').httpUrl!;
  /** A message to somebody, and what stands in it. Read a minute after it came. */
  const mailTo = async (contactId: string, change = {}) => {
    const end = service.nextEnd();
    const [request] = await service.dispatch([contactId], { templateId, ...change });
    await end;
    const kept = service.peer.kept.find(({ to }) => to[0] === PermitOffice.addressOf(contactId))!;
    const { html = '', text = '' } = await PostalMime.parse(kept.raw);
    clock.skip(60_000);
    const links = Array.from(html.matchAll(/href="https:\/\/track\.test(\/c\/[^"]+)"/g), ([, path]) => path!);
    const image = /src="https:\/\/track\.test(\/o\/[^"]+)"/.exec(html)?.[1] ?? '';
    const attemptId = attemptIdOf(request!.intentId);
    return { attemptId, contactId, html, text, links: links.slice(0, -1), trap: links.at(-1)!, image };
  };
  const tracked = () => {
    const contactId = newId();
    service.outside.office.tracked.add(contactId);
    return mailTo(contactId);
  };
  const ask = (path: string, { method = 'GET', agent = BROWSER } = {}) =>
    fetch(edge() + path, { method, redirect: 'manual', headers: { 'user-agent': agent } });
  const list = async (filter: Partial<messagingV1.ListEngagementsRequest>) => {
    const member = await service.cluster.asMember('messaging', { tenantId: service.tenantId });
    const { engagements } = await member
      .of(messagingV1.EngagementsServiceService)
      .listEngagements(messagingV1.ListEngagementsRequest.fromPartial(filter));
    return engagements;
  };
  /** What is recorded of a message, once it is so many. */
  const recorded = async (attemptId: string, count: number) => {
    for (;;) {
      const engagements = await list({ attemptId });
      if (engagements.length >= count) return engagements;
      await systemClock.wait(20);
    }
  };
  /** What was told of a message so far, added up. */
  const told = async (attemptId: string) => {
    const events = (await service.cluster.published(EngagementRecorded)).filter(
      (event) => event.attemptId === attemptId,
    );
    const sum = (of: 'opens' | 'openers' | 'clicks' | 'clickers' | 'automatedOpens' | 'automatedClicks') =>
      events.reduce((total, event) => total + event[of], 0);
    return {
      ...{ opens: sum('opens'), openers: sum('openers'), clicks: sum('clicks'), clickers: sum('clickers') },
      ...{ automatedOpens: sum('automatedOpens'), automatedClicks: sum('automatedClicks') },
    };
  };

  it('are recorded of who agreed, and the links lead on', async () => {
    const { attemptId, contactId, links, image } = await tracked();
    expect(links).toHaveLength(3);
    const answer = await ask(links[0]!);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, TARGETS[0]]);
    const pixel = await ask(image);
    expect([pixel.status, pixel.headers.get('content-type')]).toEqual([200, 'image/gif']);
    expect(pixel.headers.get('cache-control')).toBe('no-store');
    const engagements = await recorded(attemptId, 2);
    expect(engagements).toMatchObject([
      { kind: EngagementKind.ENGAGEMENT_KIND_CLICK, link: 1, automated: false, contactId },
      {
        kind: EngagementKind.ENGAGEMENT_KIND_OPEN,
        link: 0,
        automated: false,
        campaignId: service.campaignId,
      },
    ]);
    expect(await told(attemptId)).toMatchObject({ opens: 1, openers: 1, clicks: 1, clickers: 1 });
  });

  it('are not even asked for in a message to who has not agreed', async () => {
    const { html, text } = await mailTo(newId());
    expect(html).not.toContain('track.test');
    expect(html).toContain('<a href="https://shop.test/?a=1&amp;b=2">');
    expect(text).not.toContain('track.test');
  });

  it('leave the link that unsubscribes as it is, and the plain text', async () => {
    const { html, text } = await tracked();
    expect(html).toMatch(/<a href="https:\/\/heed\.test\/u\/[^"]+">Unsubscribe<\/a>/);
    expect(text).not.toContain('track.test');
  });

  it('are recorded no more once the person has withdrawn their consent; the links lead on', async () => {
    const { attemptId, contactId, links } = await tracked();
    await ask(links[0]!);
    await recorded(attemptId, 1);
    service.outside.office.tracked.delete(contactId);
    expect((await ask(links[1]!)).status).toBe(302);
    const { attemptId: next, links: others } = await tracked();
    await ask(others[0]!);
    await recorded(next, 1);
    expect(await list({ attemptId })).toHaveLength(1);
  });

  it('10.2 by scanners are kept apart, and what they did before they were known is counted again', async () => {
    const { attemptId, links, trap } = await tracked();
    await ask(links[0]!);
    expect(await recorded(attemptId, 1)).toMatchObject([{ automated: false }]);
    expect((await ask(trap)).status).toBe(204);
    const engagements = await recorded(attemptId, 2);
    expect(engagements).toMatchObject([
      { kind: EngagementKind.ENGAGEMENT_KIND_CLICK, reason: AutomatedReason.AUTOMATED_REASON_TRAP },
      { kind: EngagementKind.ENGAGEMENT_KIND_TRAP, reason: AutomatedReason.AUTOMATED_REASON_TRAP },
    ]);
    expect(await told(attemptId)).toEqual({
      ...{ opens: 0, openers: 0, clicks: 0, clickers: 0, automatedOpens: 0, automatedClicks: 1 },
    });
    expect(await list({ attemptId, automated: false })).toEqual([]);
  });

  it('by HEAD never count', async () => {
    const { attemptId, links, image } = await tracked();
    const answer = await ask(links[0]!, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, TARGETS[0]]);
    await ask(image, { method: 'HEAD' });
    const engagements = await recorded(attemptId, 2);
    expect(engagements.map(({ reason }) => reason)).toEqual([
      AutomatedReason.AUTOMATED_REASON_HEAD,
      AutomatedReason.AUTOMATED_REASON_HEAD,
    ]);
  });

  it('by programs that say so are kept apart', async () => {
    const { attemptId, links } = await tracked();
    await ask(links[0]!, { agent: 'Barracuda Sentinel (EE)' });
    expect(await recorded(attemptId, 1)).toMatchObject([{ reason: AutomatedReason.AUTOMATED_REASON_AGENT }]);
  });

  it('lead nowhere else: a link that was changed by a letter, or put together of two kinds, is none', async () => {
    const { attemptId, links, image } = await tracked();
    const [, , message, link] = links[0]!.split('/') as [string, string, string, string];
    const changed = (token: string, at: number) =>
      token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    const paths = [
      ...[5, 30, message.length - 4].map((at) => `/c/${changed(message, at)}/${link}`),
      ...[5, 30, link.length - 4].map((at) => `/c/${message}/${changed(link, at)}`),
      ...[`/c/${link}/${message}`, `/c/${message}/${message}`, `/c/${message}/https:%2F%2Fevil.test`],
      ...[`/o/${link}`, `/o/${changed(message, 40)}`, `/o/x`, `/c/${message}/${'A'.repeat(9_000)}`],
    ];
    const answers = await Promise.all(
      paths.map(async (path) => {
        const answer = await ask(path);
        const { trace_id: _, ...problem } = (await answer.json()) as Record<string, unknown>;
        return { status: answer.status, location: answer.headers.get('location'), problem };
      }),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 404, location: null, problem: { reason: 'LINK_INVALID' } });
    await ask(image);
    expect(await recorded(attemptId, 1)).toHaveLength(1);
  });

  it('of who is erased are gone and none are recorded again, though their links lead on', async () => {
    const { attemptId, contactId, links, image } = await tracked();
    await ask(links[0]!);
    await recorded(attemptId, 1);
    const receipt = privacy.erase(service.tenantId, 'contact', contactId);
    const rows = async (): Promise<number> => (await list({ contactId })).length;
    while ((await rows()) > 0) await systemClock.wait(20);
    // Memories may hold keys for a minute.
    clock.skip(61_000);
    await receipt;
    expect((await ask(links[1]!)).headers.get('location')).toBe(TARGETS[1]);
    expect((await ask(image)).status).toBe(200);
    const { attemptId: next, links: others } = await tracked();
    await ask(others[0]!);
    await recorded(next, 1);
    expect(await rows()).toBe(0);
  });

  it('4.2 leave no address, no program and no token in the logs', async () => {
    const { attemptId, links, image } = await tracked();
    const agent = `${BROWSER} unheard-of/1`;
    await ask(links[0]!, { agent });
    await ask(image, { agent });
    await recorded(attemptId, 2);
    const log = logged.join('\n');
    expect(log).toContain('/c/:message/:link');
    for (const said of ['unheard-of', 'shop.test', ...links[0]!.split('/').slice(2)]) {
      expect(log).not.toContain(said);
    }
  });

  it('wait while contacts cannot be asked, and are recorded afterwards', async () => {
    const { attemptId, links } = await tracked();
    service.outside.consentIsAway = true;
    const asked = service.outside.agreeingAsked;
    expect((await ask(links[0]!)).status).toBe(302);
    while (service.outside.agreeingAsked === asked) await systemClock.wait(20);
    expect(await list({ attemptId })).toEqual([]);
    service.outside.consentIsAway = false;
    expect(await recorded(attemptId, 1)).toHaveLength(1);
  });
});
