import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { isServiceName, privacyV1 } from '@heed/contracts';
import { fidesDatasets, type Manifest } from '@heed/data-map';
import { answeringStores } from '@heed/data-rights';
import { type Caller } from '@heed/kernel';
import { FromCaller, readPage } from '@heed/rpc';
import { refusal } from '../errors.js';
import { Manifests } from './manifests.js';
import { columnMessages, holdsCategory, storeMessage } from './store-summary.js';

/** The record of processing, made from what was signed: there is no other list that could differ from it. */
@Controller()
@privacyV1.DataMapServiceControllerMethods()
export class DataMapGrpc implements privacyV1.DataMapServiceController {
  constructor(private readonly manifests: Manifests) {}

  async listManifests(
    @Payload() request: privacyV1.ListManifestsRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ListManifestsResponse> {
    const refused = this.manifests.refused();
    const shown = await this.manifests.shownTo(caller.tenantId);
    const { rows, nextPageToken } = await pageOf(shown, request, ({ manifest }) => manifest.service);
    return {
      manifests: rows.map(({ manifest, seenAt, keyId }) => ({
        ...{ service: manifest.service, version: manifest.version, keyId },
        seenAt: seenAt.toISOString(),
        answeringStores: answeringStores(manifest).length,
        stores: manifest.stores.length,
        selfAttested: !isServiceName(manifest.service),
        refused: refused.get(manifest.service) ?? '',
      })),
      nextPageToken,
    };
  }

  async listStores(
    @Payload() request: privacyV1.ListStoresRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ListStoresResponse> {
    const { service, kind, category } = request;
    const stores = (await this.manifests.shownTo(caller.tenantId))
      .filter(({ manifest }) => service === '' || manifest.service === service)
      .flatMap(({ manifest }) =>
        answeringStores(manifest).map((store) => storeMessage(manifest.service, store)),
      )
      .filter((store) => kind === '' || store.kind === kind)
      .filter((store) => category === '' || holdsCategory(store, category));
    const { rows, nextPageToken } = await pageOf(
      stores,
      request,
      (store) => `${store.service}.${store.name}`,
    );
    return { stores: rows, nextPageToken };
  }

  async getStore(
    @Payload() { service, name }: privacyV1.GetStoreRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.GetStoreResponse> {
    const store = answeringStores(await this.of(caller, service)).find((entry) => entry.name === name);
    if (!store) throw refusal('STORE_NOT_FOUND');
    return { store: storeMessage(service, store), columns: columnMessages(store) };
  }

  async getManifest(
    @Payload() { service, version }: privacyV1.GetManifestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.GetManifestResponse> {
    const last = await this.of(caller, service);
    const signed = await this.manifests.signed(service, version || last.version);
    if (!signed) throw refusal('MANIFEST_NOT_FOUND');
    const { content: manifest, signature, keyId } = signed;
    return { version: signed.version, manifest, signature, keyId };
  }

  async exportDatasets(
    @Payload() { service }: privacyV1.ExportDatasetsRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ExportDatasetsResponse> {
    const manifests =
      service === ''
        ? (await this.manifests.shownTo(caller.tenantId)).map(({ manifest }) => manifest)
        : [await this.of(caller, service)];
    return { datasets: fidesDatasets(manifests) };
  }

  private async of({ tenantId }: Caller, service: string): Promise<Manifest> {
    const shown = await this.manifests.shownTo(tenantId);
    const found = shown.find(({ manifest }) => manifest.service === service);
    if (!found) throw refusal('MANIFEST_NOT_FOUND');
    return found.manifest;
  }
}

/** A page of what is in memory anyway, by name. */
function pageOf<Row>(
  all: readonly Row[],
  request: Parameters<typeof readPage>[0],
  nameOf: (row: Row) => string,
) {
  const byName = [...all].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const key = { of: nameOf, isValid: (text: string) => /^[a-z0-9][a-z0-9_.-]{0,150}$/.test(text) };
  return readPage(request, key, (after, limit) =>
    Promise.resolve(byName.filter((row) => after === undefined || nameOf(row) > after).slice(0, limit)),
  );
}
