import { Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { answerNames, isManifestSignedBy, readJoinedManifest } from '@heed/data-rights';
import { ServiceKeys } from '@heed/rpc';
import { refusal } from '../errors.js';
import { Manifests } from '../manifests/manifests.js';
import { type Participant } from './participant.js';
import { lockParticipant } from './participant.store.js';

/** What a participant declares: from now on it must answer for each of these stores. */
@Injectable()
export class RegisterManifest {
  constructor(
    private readonly manifests: Manifests,
    private readonly keys: ServiceKeys,
  ) {}

  async register(
    { name, retiredAt }: Participant,
    { manifest: content, signature, keyId }: privacyV1.RegisterManifestRequest,
  ): Promise<privacyV1.RegisterManifestResponse> {
    if (retiredAt) throw refusal('PARTICIPANT_RETIRED');
    const key = await this.keys.publicKeyOf(name, keyId);
    if (!key || !isManifestSignedBy(content, signature, key)) {
      throw refusal('MANIFEST_UNSIGNED', { metadata: { service: name } });
    }
    const manifest = readJoinedManifest(content, name);
    if ('wrong' in manifest) {
      throw refusal('MANIFEST_MALFORMED', { metadata: { service: name, where: manifest.wrong } });
    }
    const { version } = manifest;
    // It may be retired at this moment, about the manifest before.
    await this.manifests.adopt(
      manifest,
      { service: name, version, content, signature, keyId },
      async (tx) => {
        if ((await lockParticipant(tx, name))?.retiredAt) throw refusal('PARTICIPANT_RETIRED');
      },
    );
    return { version, stores: answerNames(manifest) };
  }
}
