import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { Describe, PublicRoute, remoteAddress } from '@heed/http';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Request, type Response } from 'express';
import { type MessagingSettings } from '../settings.js';
import { EngagementQueue } from './engagement-queue.js';
import { type Evidence } from './engagement.js';
import { agentEvidence } from './machine-agents.js';
import { MachineNetworks } from './machine-networks.js';
import { TrackingLinks } from './tracking-links.js';

/** One transparent pixel (GIF89a). */
const IMAGE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/**
 * Where tracked mails lead. Each request costs two seals, and no look into the database while the tenant's keys are held
 * in memory; what was seen is written down behind the answer. No request changes anybody's consent.
 */
@Controller()
@PublicRoute()
export class TrackingHttp {
  private readonly proxies: number;

  constructor(
    private readonly links: TrackingLinks,
    private readonly queue: EngagementQueue,
    private readonly networks: MachineNetworks,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Pick<MessagingSettings, 'HEED_TRUSTED_PROXIES'>,
  ) {
    this.proxies = settings.HEED_TRUSTED_PROXIES;
  }

  /** Where it leads is sealed by the tenant: there is no open redirect. It leads there whoever is erased since. */
  @Get('c/:message/:link')
  @Describe({
    summary: 'Leads on to where a link of a message leads.',
    parts: { message: 'Of the message.', link: 'Of the link: it holds the address, sealed.' },
    answers: {
      302: { says: 'The address stands in Location.' },
      204: { says: 'A link that no person can see. It leads nowhere.' },
    },
  })
  async follow(
    @Param('message') messageText: string,
    @Param('link') linkText: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const message = await this.links.verifyMessage(messageText);
    const { kind, templateId, link, of, url } = await this.links.verifyLink(message.tenantId, linkText);
    const evidence = this.evidenceOf(request, 'link');
    const at = this.clock.now();
    this.queue.add({
      ...{ ...message, kind: kind === 'trap' ? 'trap' : 'click', templateId, link, of, evidence, at },
    });
    if (kind === 'trap') response.status(204).end();
    else response.status(302).setHeader('location', url).end();
  }

  @Get('o/:message')
  @Describe({
    summary: 'The image of a message: one transparent pixel.',
    parts: { message: 'Of the message.' },
    answers: { 200: { says: 'The image.', body: 'image/gif' } },
  })
  async open(
    @Param('message') messageText: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const message = await this.links.verifyMessage(messageText);
    const evidence = this.evidenceOf(request, 'image');
    const at = this.clock.now();
    this.queue.add({ ...message, kind: 'open', templateId: undefined, link: 0, of: 0, evidence, at });
    // Mail programs show it in pages of theirs.
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.type('image/gif').send(IMAGE);
  }

  /** Of the request all that is kept. */
  private evidenceOf(request: Request, what: 'image' | 'link'): Evidence {
    if (request.method === 'HEAD') return 'head';
    if (this.networks.has(remoteAddress(request, this.proxies))) return 'network';
    return agentEvidence(request.headers['user-agent'] ?? '', what);
  }
}
