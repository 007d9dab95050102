import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { refusal } from '../errors.js';
import { type MessagingSettings } from '../settings.js';
import { isWebAddress } from './link-target.js';
import { MESSAGE_MARK, trackedHtml, type TrackedLink } from './tracked-html.js';
import {
  encodeLink,
  encodeMessage,
  readLink,
  readMessage,
  SEAL_BYTES,
  tokenOf,
  type LinkToken,
  type MessageToken,
  type Sealed,
} from './tracking-token.js';

const OF_MESSAGES = 'tracking_message';
const OF_LINKS = 'tracking_link';

export interface Trackable {
  templateId: string;
  htmlBody: string;
  trackOpens: boolean;
  trackClicks: boolean;
}

/** Makes what tracked mails bear, and verifies it when it comes back: under every key that the tenant ever had. */
@Injectable()
export class TrackingLinks {
  private readonly base: string | undefined;
  private readonly tenants = new Set<string>();

  constructor(
    private readonly sealing: Sealing,
    private readonly uow: UnitOfWork,
    private readonly known: SendingTenantStore,
    @Inject(SETTINGS) settings: Pick<MessagingSettings, 'HEED_TRACKING_URL'>,
  ) {
    this.base = settings.HEED_TRACKING_URL?.replace(/\/+$/, '');
  }

  /** The HTML with its links leading through us; undefined where nothing is to be tracked. Once a template. */
  async compile(tenantId: string, template: Trackable): Promise<string | undefined> {
    const { templateId, htmlBody, trackOpens: opens, trackClicks: clicks } = template;
    if (this.base === undefined || htmlBody === '' || !(opens || clicks)) return undefined;
    const links: LinkToken[] = [];
    const image = `${this.base}/o/${MESSAGE_MARK}`;
    const tracking = { opens, clicks, image, trap: '' };
    const note = (link: TrackedLink): string => {
      links.push({ kind: 'link', templateId, ...link });
      return '';
    };
    // Twice, since places are found on the way and seals come from the database.
    trackedHtml(htmlBody, { ...tracking, through: note });
    const trap: LinkToken = { kind: 'trap', templateId, link: 0, of: links.length, url: '' };
    const [trapAddress, ...addresses] = await this.addressesOf(tenantId, [trap, ...links]);
    return trackedHtml(htmlBody, {
      ...{ ...tracking, trap: trapAddress! },
      through: ({ link }) => addresses[link - 1]!,
    });
  }

  /** Tokens of messages, in order: what stands in place of the mark. One seal each, however many links there are. */
  async mint(tenantId: string, attemptIds: readonly string[]): Promise<string[]> {
    if (attemptIds.length === 0) return [];
    const bytes = attemptIds.map((attemptId) => encodeMessage({ tenantId, attemptId }));
    return this.sealed(tenantId, OF_MESSAGES, bytes);
  }

  /** Refuses with LINK_INVALID, alike, whatever is wrong with it. */
  async verifyMessage(text: string): Promise<MessageToken> {
    const read = readMessage(text);
    if (!read || !(await this.isKnown(read.token.tenantId))) throw refusal('LINK_INVALID');
    if (!(await this.isSealed(read.token.tenantId, OF_MESSAGES, read))) throw refusal('LINK_INVALID');
    return read.token;
  }

  /** Refuses with LINK_INVALID, alike, whatever is wrong with it: another tenant's, too. */
  async verifyLink(tenantId: string, text: string): Promise<LinkToken> {
    const read = readLink(text);
    if (!read || !(await this.isSealed(tenantId, OF_LINKS, read))) throw refusal('LINK_INVALID');
    if (read.token.kind === 'link' && !isWebAddress(read.token.url)) throw refusal('LINK_INVALID');
    return read.token;
  }

  private async addressesOf(tenantId: string, links: readonly LinkToken[]): Promise<string[]> {
    const tokens = await this.sealed(tenantId, OF_LINKS, links.map(encodeLink));
    return tokens.map((token) => `${this.base}/c/${MESSAGE_MARK}/${token}`);
  }

  private async sealed(tenantId: string, purpose: string, items: readonly Buffer[]): Promise<string[]> {
    const texts = items.map((bytes) => bytes.toString('base64'));
    const seals = await this.sealing.keyedHashes(tenantId, purpose, texts);
    return items.map((bytes, index) => tokenOf(bytes, seals[index]!));
  }

  private async isSealed(
    tenantId: string,
    purpose: string,
    { bytes, seal }: Sealed<unknown>,
  ): Promise<boolean> {
    const seals = await this.sealing.hashes.candidates(tenantId, purpose, bytes.toString('base64'), 1);
    return seals.some((candidate) => timingSafeEqual(candidate.subarray(0, SEAL_BYTES), seal));
  }

  /** A key is made for a tenant that has none: a stranger's made-up tenants must not become keys. */
  private async isKnown(tenantId: string): Promise<boolean> {
    if (this.tenants.has(tenantId)) return true;
    const known = await this.uow.runAcross('service', (tx) => this.known.has(tx, tenantId));
    if (known) this.tenants.add(tenantId);
    return known;
  }
}
