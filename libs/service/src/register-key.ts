import { identityV1 } from '@heed/contracts';
import { isDomainError, NIL_UUID } from '@heed/kernel';
import { type Frame } from './frame.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Makes this service's public key known to the others, by identity. As long as identity is away it is tried again: a
 * service that was known before goes on being known. What identity refuses (another key under this name, a wrong
 * secret) is a fault of the installation, and is thrown.
 */
export async function registerKey(
  { definition, settings, signingKey, clients, clock, log }: Frame,
  signal: AbortSignal,
): Promise<void> {
  const tokens = clients.of(identityV1.TokensServiceService, 'identity');
  const request: identityV1.RegisterServiceKeyRequest = {
    service: definition.name,
    publicKey: signingKey.publicKey,
    // SPEC: identity_service.proto, RegisterServiceKeyRequest.proof
    proof: signingKey.sign(Buffer.from(`heed service key:${definition.name}`)),
    // Who puts another key in the place of this one registers that first (`heed keys rotate`), with this one in hand.
    endorsement: Buffer.alloc(0),
  };
  const metadata = { 'heed-registration': settings.HEED_REGISTRATION_SECRET };
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await tokens.registerServiceKey(request, { tenantId: NIL_UUID, metadata, signal });
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (isDomainError(error) && !['unavailable', 'deadline-exceeded', 'aborted'].includes(error.kind))
        throw error;
      if (pause === LONGEST_PAUSE_MS) log.warn('key not registered, identity does not answer', { error });
    }
    await clock.wait(pause, signal).catch(() => undefined);
  }
}
