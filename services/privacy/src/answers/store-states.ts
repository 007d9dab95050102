import { Injectable } from '@nestjs/common';
import { type Manifest } from '@heed/data-map';
import { answerNames, readStatement, type StoreAnswer } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { Manifests } from '../manifests/manifests.js';
import { pinsOf } from '../requests/request.store.js';
import { askedAbout, statementsOf, type Asked, type Said } from './receipt.store.js';

/** What one store has said about a request so far. */
export interface StoreState {
  service: string;
  store: string;
  answer?: StoreAnswer;
  answeredAt?: Date;
  probe?: StoreAnswer;
  /** Since when, and how often, it was asked what it has not answered. */
  asked?: Asked;
}

/** What stores have said about requests: read from the statements that their certificates will show. */
@Injectable()
export class StoreStates {
  constructor(private readonly manifests: Manifests) {}

  async of(tx: Tx, requestId: string): Promise<StoreState[]> {
    const pins = (await pinsOf(tx, [requestId])).get(requestId) ?? {};
    const manifests = await this.manifests.ofVersions(Object.values(pins));
    return storeStates(manifests, await statementsOf(tx, requestId), await askedAbout(tx, requestId));
  }

  /** How many stores must answer each of these requests. */
  async count(tx: Tx, requestIds: readonly string[]): Promise<Map<string, number>> {
    const pins = await pinsOf(tx, requestIds);
    const versions = [...new Set([...pins.values()].flatMap((versionOf) => Object.values(versionOf)))];
    const stores = new Map(
      (await this.manifests.ofVersions(versions)).map((manifest) => [
        manifest.version,
        answerNames(manifest).length,
      ]),
    );
    const sum = (ofRequest: Record<string, string>): number =>
      Object.values(ofRequest).reduce((all, version) => all + (stores.get(version) ?? 0), 0);
    return new Map([...pins].map(([requestId, ofRequest]) => [requestId, sum(ofRequest)]));
  }
}

/** A state for every store of these manifests, those that nobody has spoken of included. */
export function storeStates(
  manifests: readonly Manifest[],
  said: readonly Said[],
  asked: readonly Asked[] = [],
): StoreState[] {
  return manifests.flatMap((manifest) => {
    const { service } = manifest;
    const theirs = said.filter((given) => given.service === service);
    const first = theirs.find(({ action }) => action !== 'PROBE');
    const answers = entriesOf(first);
    const probes = entriesOf(theirs.find(({ action }) => action === 'PROBE'));
    const open = asked.find(({ action }) => !theirs.some((given) => given.action === action));
    return [...answerNames(manifest)].sort().map((store): StoreState => {
      const answer = answers.get(store);
      const probe = probes.get(store);
      return {
        ...{ service, store },
        ...(answer && first && { answer, answeredAt: first.verifiedAt }),
        ...(probe && { probe }),
        ...(open && { asked: open }),
      };
    });
  });
}

function entriesOf(said: Said | undefined): Map<string, StoreAnswer> {
  const entries = said ? readStatement(said.statement).entries : [];
  return new Map(entries.map((entry) => [entry.store, entry]));
}
