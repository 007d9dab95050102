import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { type MessagingSettings } from '../settings.js';
import {
  type AddressKind,
  localPartOf,
  readLocalPart,
  SEAL_BYTES,
  sealedText,
  tenantHandleOf,
} from './inbound-address.js';

/** Where what becomes of one message comes back to. */
export interface MessageAddresses {
  bounce: string;
  reply: string;
  unsubscribe: string;
}

/** Whom an address of ours stands for. */
export interface Addressed {
  kind: AddressKind;
  tenantId: string;
  attemptId: string;
}

/** Where mail providers send complaints (RFC 5965): one address for all, which message it is about stands inside. */
export const COMPLAINTS = 'complaints';
/** Addresses of ours that are looked for in one. */
const MOST_IN_ONE = 20;

const PURPOSE = 'inbound_address';
const KINDS = ['bounce', 'reply', 'unsubscribe'] as const;
/** A keyed hash bears its versions in front; an old key's hash is found among the candidates without them. */
const HASH_HEAD = 2;

/**
 * Addresses of our own that a message bears, one set a message: who answers to one was sent it. They name the attempt
 * and not the person, under a seal of the tenant's own, and are good for as long as the tenant is.
 */
@Injectable()
export class InboundAddresses {
  private readonly domain: string | undefined;
  private readonly tenants = new Map<string, string>();

  constructor(
    private readonly sealing: Sealing,
    private readonly uow: UnitOfWork,
    private readonly known: SendingTenantStore,
    @Inject(SETTINGS) settings: Pick<MessagingSettings, 'HEED_INBOUND_DOMAIN'>,
  ) {
    this.domain = settings.HEED_INBOUND_DOMAIN?.toLowerCase();
  }

  /** In order of the attempts; undefined where nothing is to come back here. */
  async mint(
    tenantId: string,
    attemptIds: readonly string[],
  ): Promise<readonly (MessageAddresses | undefined)[]> {
    const { domain } = this;
    if (domain === undefined) return attemptIds.map(() => undefined);
    const tenantHandle = tenantHandleOf(tenantId);
    const seals = await this.sealing.keyedHashes(
      tenantId,
      PURPOSE,
      attemptIds.flatMap((attemptId) => KINDS.map((kind) => sealedText(kind, attemptId))),
    );
    return attemptIds.map((attemptId, index) => {
      const [bounce, reply, unsubscribe] = KINDS.map((kind, at) => {
        const seal = seals[index * KINDS.length + at]!.subarray(HASH_HEAD);
        return `${localPartOf({ kind, tenantHandle, attemptId, seal })}@${domain}`;
      });
      return { bounce: bounce!, reply: reply!, unsubscribe: unsubscribe! };
    });
  }

  /** Whether the part behind the @ is ours. */
  isOurs(address: string): boolean {
    return this.domain !== undefined && address.toLowerCase().endsWith(`@${this.domain}`);
  }

  /** Undefined for what is none of ours: made up, of another domain or of a tenant that never sent, all alike. */
  async verify(address: string): Promise<Addressed | undefined> {
    const read = this.isOurs(address) ? readLocalPart(address.slice(0, address.lastIndexOf('@'))) : undefined;
    if (!read) return undefined;
    const tenantId = await this.tenantOf(read.tenantHandle);
    if (tenantId === undefined) return undefined;
    const text = sealedText(read.kind, read.attemptId);
    const seals = await this.sealing.hashes.candidates(tenantId, PURPOSE, text, 1);
    const ours = seals.some((seal) =>
      timingSafeEqual(seal.subarray(HASH_HEAD, HASH_HEAD + SEAL_BYTES), read.seal),
    );
    return ours ? { kind: read.kind, tenantId, attemptId: read.attemptId } : undefined;
  }

  isForComplaints(address: string): boolean {
    return this.isOurs(address) && address.toLowerCase().startsWith(`${COMPLAINTS}@`);
  }

  /** The message that a complaint returns, by the addresses in its head. */
  async findIn(raw: Buffer): Promise<Addressed | undefined> {
    // Quoted-printable ends a line in "=" where it breaks one.
    const text = raw
      .toString('latin1')
      .replaceAll(/=\r?\n/g, '')
      .toLowerCase();
    const found = new Set(
      Array.from(text.matchAll(/[bru][a-z2-7]{56}@[a-z0-9.-]{1,255}/g), ([address]) => address),
    );
    for (const address of [...found].slice(0, MOST_IN_ONE)) {
      const addressed = await this.verify(address);
      if (addressed) return addressed;
    }
    return undefined;
  }

  /** A handle that leads nowhere is not remembered: strangers could fill the memory with them. */
  private async tenantOf(handle: Buffer): Promise<string | undefined> {
    const name = handle.toString('hex');
    const held = this.tenants.get(name);
    if (held !== undefined) return held;
    const tenantId = await this.uow.runAcross('service', (tx) => this.known.byHandle(tx, handle));
    if (tenantId !== undefined) this.tenants.set(name, tenantId);
    return tenantId;
  }
}
