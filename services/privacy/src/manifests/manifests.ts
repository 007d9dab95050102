import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { datarightsV1 } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import { answerNames, isManifestSignedBy, manifestBytes, readManifest } from '@heed/data-rights';
import { CLOCK, NIL_UUID, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients, ServiceKeys } from '@heed/rpc';
import { refusal } from '../errors.js';
import { type PrivacySettings } from '../settings.js';
import { keepManifest, latestManifests, manifestsByVersion } from './manifest.store.js';

/** How long a manifest is taken for current: services change theirs when they are deployed. */
const FRESH_MS = 60_000;

/**
 * What each service declares to hold. A request is pinned to the manifests of its beginning; a manifest that has lost a
 * store begins no request (ATTACKS 6.5), and a service that is away is known by what it said last.
 */
@Injectable()
export class Manifests {
  private readonly services: readonly string[];
  private readonly fetchedAt = new Map<string, number>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    private readonly keys: ServiceKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: PrivacySettings,
  ) {
    this.services = settings.HEED_ANSWERING_SERVICES;
  }

  /** The manifests that a new request is pinned to, one for each service. */
  async current(): Promise<Manifest[]> {
    const now = this.clock.monotonicMs();
    const stale = this.services.filter(
      (service) => now - (this.fetchedAt.get(service) ?? -Infinity) > FRESH_MS,
    );
    const refusals = await Promise.all(stale.map((service) => this.refresh(service)));
    const latest = await this.uow.runAcross('service', (tx) => latestManifests(tx));
    const known = this.services.map((service) => latest.find((manifest) => manifest.service === service));
    const missing = known.indexOf(undefined);
    if (missing >= 0) {
      throw refusal('MANIFEST_UNAVAILABLE', {
        metadata: { service: this.services[missing] ?? '' },
        cause: refusals.find((error) => error !== undefined),
      });
    }
    return known as Manifest[];
  }

  /** The manifest of this version, if it was pinned or adopted once. */
  async ofVersions(versions: readonly string[]): Promise<Manifest[]> {
    return this.uow.runAcross('service', (tx) => manifestsByVersion(tx, versions));
  }

  /** A service answers by another manifest than it had: that one, asked for anew. */
  async renewed(service: string): Promise<Manifest> {
    const manifest = await this.fetch(service);
    this.fetchedAt.set(service, this.clock.monotonicMs());
    return manifest;
  }

  /** What went wrong is an answer: a service that is away is known by what it said last; one that hides a store is not. */
  private async refresh(service: string): Promise<unknown> {
    try {
      await this.renewed(service);
      return undefined;
    } catch (error) {
      if ((error as { reason?: string }).reason === 'MANIFEST_SHRUNK') throw error;
      return error;
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
    await this.uow.runAcross('service', async (tx) => {
      const before = (await latestManifests(tx)).find((known) => known.service === service);
      const lost = before && answerNames(before).find((store) => !answerNames(manifest).includes(store));
      if (lost) throw refusal('MANIFEST_SHRUNK', { metadata: { service, store: lost } });
      await keepManifest(tx, { service, version, content, signature, keyId }, this.clock.now());
    });
    return manifest;
  }
}
