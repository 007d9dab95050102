import { Inject, Injectable } from '@nestjs/common';
import { type Manifest, type StoreEntry } from '@heed/data-map';
import { answerName, answerNames } from '@heed/data-rights';
import { canonicalJson, CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { hasLeafSince } from '../log/log.store.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { type SignedManifest } from './manifest.store.js';
import { addRetired, isPinned, retiredOf, versionsThatRetire } from './retired-store.store.js';

type Retired = Extract<StoreEntry, { kind: 'retired' }>;

/**
 * How a manifest may come to declare less (ATTACKS 6.5): its service signs a manifest in which the store is retired, a
 * leaf of the log says so, receipts by that manifest say that nothing is held there, and only then may the entry go.
 */
@Injectable()
export class RetiredStores {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly log: TransparencyLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A leaf for each store that this manifest retires, once. The manifest is kept by now. */
  async note(manifest: Manifest, signed: SignedManifest): Promise<void> {
    const stores = manifest.stores.filter((store): store is Retired => store.kind === 'retired');
    if (stores.length === 0) return;
    const { service } = manifest;
    const known = await this.uow.runAcross('service', (tx) => retiredOf(tx, service));
    for (const store of stores.filter(({ name }) => !known.has(name))) {
      const at = this.clock.now();
      await this.log.sequenced(async ({ tx, write }) => {
        if ((await retiredOf(tx, service)).has(store.name)) return;
        const [leaf] = await write([retirementLeaf(store, manifest, signed, at)]);
        await addRetired(tx, {
          ...{ service, store: store.name, version: manifest.version, leaf: leaf!, retiredAt: at },
        });
      });
    }
  }

  /** Refuses a manifest that lost what it may not lose. */
  async demandNothingLost(before: Manifest, now: Manifest): Promise<void> {
    const kept = new Set(answerNames(now));
    const lost = before.stores.filter(
      (store) => answerNames(before).includes(nameOf(before, store)) && !kept.has(nameOf(before, store)),
    );
    for (const store of lost) {
      const refused = (why: string): never => {
        throw refusal('MANIFEST_SHRUNK', {
          metadata: { service: now.service, store: nameOf(before, store), why },
        });
      };
      if (store.kind !== 'retired') refused('not_retired');
      if (!(await this.hasLastReceipt(before.service, store.name))) refused('no_last_receipt');
      if (await this.isAwaited(before.service, store.name)) refused('open_requests');
    }
  }

  /** A verified receipt by a manifest that retires it: the service has said for a request that nothing is held there. */
  private hasLastReceipt(service: string, store: string): Promise<boolean> {
    return this.uow.runAcross('service', async (tx) => {
      const leaf = (await retiredOf(tx, service)).get(store);
      if (leaf === undefined) return false;
      for (const version of await versionsThatRetire(tx, service, store)) {
        // As receipts are written: members in order, so nothing else in a leaf reads like this.
        if (await hasLeafSince(tx, leaf, Buffer.from(`"manifest":"${version}","root":`))) return true;
      }
      return false;
    });
  }

  /** As probe: requests of all tenants count, and the service sees one tenant at a time. */
  private isAwaited(service: string, store: string): Promise<boolean> {
    return this.uow.runAcross('probe', (tx) => isPinned(tx, service, store));
  }
}

function nameOf(manifest: Manifest, store: StoreEntry): string {
  return answerName(manifest.service, store);
}

/** Described in docs/certificate.md. The signature is the manifest's: whoever has its bytes can verify it. */
function retirementLeaf(
  store: Retired,
  { service, version }: Manifest,
  { signature, keyId }: SignedManifest,
  at: Date,
): Buffer {
  return Buffer.from(
    canonicalJson({
      at: at.toISOString(),
      key_id: keyId,
      manifest: version,
      service,
      signature: signature.toString('base64'),
      store: store.name,
      type: 'store_retired',
      was: store.was,
    }),
  );
}
