import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { datarightsV1 } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import {
  isManifestSignedBy,
  manifestBytes,
  presentStores,
  readManifest,
  takesCorrections,
} from '@heed/data-rights';
import { CLOCK, isDomainError, NIL_UUID, type Clock, type DomainError } from '@heed/kernel';
import { UnitOfWork, type AcrossTx, type Statements, type Tx } from '@heed/postgres';
import { RpcClients, ServiceKeys } from '@heed/rpc';
import { LOGGER, type Logger } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { manifestsOfParticipants } from '../participants/participant.store.js';
import { type Right } from '../requests/request.js';
import { type PrivacySettings } from '../settings.js';
import {
  keepManifest,
  latestManifests,
  latestShown,
  manifestsByVersion,
  signedManifest,
  type ShownManifest,
  type SignedManifest,
} from './manifest.store.js';
import { RetiredStores } from './retired-stores.js';

/** Services change their manifest when they are deployed: each is asked this often, one that was away soon again. */
const FRESH_MS = 60_000;
const AGAIN_MS = 2_000;

/** What every participant is asked for. A correction asks those that declare copies; they hand out nothing yet. */
const OF_PARTICIPANTS: readonly Right[] = ['ERASURE', 'RESTRICTION', 'LIFT'];

/**
 * What each service declares to hold. A request is pinned to the manifests of its beginning; a manifest that has lost a
 * store begins no request (ATTACKS 6.5), and a service that is away is known by what it said last.
 */
@Injectable()
export class Manifests implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly services: readonly string[];
  private readonly latest = new Map<string, Manifest>();
  private readonly byVersion = new Map<string, Manifest>();
  private readonly shrunk = new Map<string, DomainError>();
  private readonly stopping = new AbortController();
  private asking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    private readonly keys: ServiceKeys,
    private readonly retired: RetiredStores,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: PrivacySettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.services = settings.HEED_ANSWERING_SERVICES;
  }

  onApplicationBootstrap(): void {
    this.asking = Promise.all(this.services.map((service) => this.keepAsking(service)));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.asking;
  }

  /** The manifests that a new request is pinned to, one for each service. Whoever is known is not waited for. */
  async current(tenantId: string, right: Right): Promise<Manifest[]> {
    for (const service of this.services) {
      const shrunk = this.shrunk.get(service);
      if (shrunk) throw shrunk;
    }
    await this.knowAll();
    const ours = this.services.flatMap((service) => this.latest.get(service) ?? []);
    const theirs = await this.uow.runAcross('service', (tx) => this.ofParticipants(tx, tenantId));
    if (OF_PARTICIPANTS.includes(right)) return [...ours, ...theirs];
    return right === 'CORRECTION'
      ? [...ours, ...theirs.filter((manifest) => takesCorrections(manifest))]
      : ours;
  }

  /** Stores of participants that are not asked about such a request: somebody has to ask there by hand. */
  async notAsked(tx: Tx, right: Right, pinned: readonly string[]): Promise<string[]> {
    if (OF_PARTICIPANTS.includes(right)) return [];
    const theirs = await this.ofParticipants(tx, tx.tenantId);
    return theirs
      .filter(({ service }) => !pinned.includes(service))
      .flatMap(presentStores)
      .sort();
  }

  /** Nobody is left out because they have not been asked yet. */
  private async knowAll(): Promise<void> {
    const isMissing = (service: string): boolean => !this.latest.has(service);
    if (this.services.some(isMissing)) await this.remember();
    const asked = await Promise.allSettled(
      this.services.filter(isMissing).map((service) => this.renewed(service)),
    );
    const failed = asked.find((result) => result.status === 'rejected');
    if (failed) throw refusal('MANIFEST_UNAVAILABLE', { cause: failed.reason });
  }

  /** What was shown last by those who must answer for this tenant. */
  async shownTo(tenantId: string): Promise<ShownManifest[]> {
    await this.knowAll();
    return this.uow.runAcross('service', async (tx) => {
      const theirs = new Set(await manifestsOfParticipants(tx, tenantId));
      const shown = await latestShown(tx);
      return shown.filter(
        ({ manifest }) => this.services.includes(manifest.service) || theirs.has(manifest.version),
      );
    });
  }

  /** One manifest as its service signed it. */
  async signed(service: string, version: string): Promise<SignedManifest | undefined> {
    return this.uow.runAcross('service', (tx) => signedManifest(tx, service, version));
  }

  /** Services whose present manifest is refused, by the reason. */
  refused(): ReadonlyMap<string, string> {
    return new Map([...this.shrunk].map(([service, { reason }]) => [service, reason]));
  }

  private async ofParticipants(tx: Statements, tenantId: string): Promise<Manifest[]> {
    return this.readIn(tx, await manifestsOfParticipants(tx, tenantId));
  }

  /** What services that are away said last. */
  private async remember(): Promise<void> {
    for (const manifest of await this.uow.runAcross('service', (tx) => latestManifests(tx))) {
      if (!this.latest.has(manifest.service)) this.latest.set(manifest.service, manifest);
    }
  }

  /** The manifest of this version, if it was pinned or adopted once. */
  async ofVersions(versions: readonly string[]): Promise<Manifest[]> {
    if (versions.every((version) => this.byVersion.has(version))) return this.known(versions);
    return this.uow.runAcross('service', (tx) => this.readIn(tx, versions));
  }

  private async readIn(tx: Statements, versions: readonly string[]): Promise<Manifest[]> {
    // A version is the digest of its content: what was read once need not be read again.
    const missing = versions.filter((version) => !this.byVersion.has(version));
    if (missing.length > 0) {
      for (const manifest of await manifestsByVersion(tx, missing))
        this.byVersion.set(manifest.version, manifest);
    }
    return this.known(versions);
  }

  private known(versions: readonly string[]): Manifest[] {
    return versions.flatMap((version) => this.byVersion.get(version) ?? []);
  }

  /** A service answers by another manifest than it had: that one, asked for anew. */
  async renewed(service: string): Promise<Manifest> {
    try {
      const manifest = await this.fetch(service);
      this.shrunk.delete(service);
      this.latest.set(service, manifest);
      return manifest;
    } catch (error) {
      if (isDomainError(error, 'MANIFEST_SHRUNK')) this.shrunk.set(service, error);
      throw error;
    }
  }

  private async keepAsking(service: string): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const pause = await this.renewed(service).then(
        () => FRESH_MS,
        (error: unknown) => {
          if (!isDomainError(error) || error.kind !== 'unavailable') {
            this.log.error('a manifest cannot be taken', { callee: service, error });
          }
          return AGAIN_MS;
        },
      );
      await this.clock.wait(pause, signal).catch(() => undefined);
    }
  }

  private async fetch(service: string): Promise<Manifest> {
    const client = this.clients.of(datarightsV1.DataRightsServiceService, service);
    const answer = await client.getManifest({}, { tenantId: NIL_UUID });
    const key = await this.keys.publicKeyOf(service, answer.keyId);
    if (!key || !isManifestSignedBy(answer.manifest, answer.signature, key)) {
      throw refusal('MANIFEST_UNSIGNED', { metadata: { service } });
    }
    const manifest = readManifest(answer.manifest);
    // Canonical, or a certificate that shows it would not hash to the version that was pinned.
    if (manifest.service !== service || !manifestBytes(manifest).equals(answer.manifest)) {
      throw refusal('MANIFEST_UNSIGNED', { metadata: { service } });
    }
    const { version } = manifest;
    const { manifest: content, signature, keyId } = answer;
    await this.adopt(manifest, { service, version, content, signature, keyId });
    return manifest;
  }

  /**
   * Keeps a manifest whose signature was verified; refused where it declares less than the one before, or where `demand`,
   * in the transaction that keeps it, throws.
   */
  async adopt(
    manifest: Manifest,
    signed: SignedManifest,
    demand: (tx: AcrossTx) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { service } = manifest;
    const known = await this.uow.runAcross('service', (tx) => latestManifests(tx));
    const before = known.find((last) => last.service === service);
    if (before && before.version !== manifest.version) await this.retired.demandNothingLost(before, manifest);
    await this.uow.runAcross('service', async (tx) => {
      await demand(tx);
      await keepManifest(tx, signed, this.clock.now());
    });
    await this.retired.note(manifest, signed);
  }
}
