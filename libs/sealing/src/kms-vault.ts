import { readFile } from 'node:fs/promises';
import { DomainError, isDomainError, type Clock } from '@heed/kernel';
import { keyBroken, kmsRefused, kmsThrottled, kmsUnreachable, masterKeyUnknown } from './kms-error.js';
import { type KeyContext, type KeyManagement } from './kms.js';

const NAME = 'Vault';
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;

interface VaultOptions {
  clock: Clock;
  timeoutMs: number;
  env: Record<string, string | undefined>;
}

interface Place {
  origin: string;
  mount: string;
  key: string;
}

/**
 * A master key in the transit engine of HashiCorp Vault or OpenBao, of a type with associated data (aes256-gcm96,
 * chacha20-poly1305). Token: VAULT_TOKEN, or the file that an agent keeps fresh, VAULT_TOKEN_FILE, read for each call.
 *
 * SPEC: POST /v1/<mount>/encrypt/<key> and decrypt/<key> with `batch_input`, answered by `batch_results` in order.
 */
export class VaultKms implements KeyManagement {
  private constructor(
    private readonly place: Place,
    private readonly options: VaultOptions,
    private readonly latest: number,
  ) {}

  static async open(text: string, options: VaultOptions): Promise<VaultKms> {
    const place = read(text);
    const unversioned = new VaultKms(place, options, 0);
    const key = await unversioned.call('GET', `keys/${place.key}`);
    return new VaultKms(place, options, Number(key['latest_version'] ?? 1));
  }

  /** With the version that was the latest when the process began: which one wrapped is in the ciphertext. */
  get keyId(): string {
    return `${this.name}:v${this.latest}`;
  }

  holds(keyId: string): boolean {
    return keyId.startsWith(`${this.name}:`);
  }

  async wrap(keys: readonly { key: Buffer; context: KeyContext }[]): Promise<Buffer[]> {
    const items = keys.map(({ key, context }) => ({
      plaintext: key.toString('base64'),
      associated_data: boundTo(context),
    }));
    const results = await this.batch('encrypt', items);
    return results.map(({ ciphertext }) => Buffer.from(ciphertext ?? ''));
  }

  async unwrap(keys: readonly { wrapped: Buffer; keyId: string; context: KeyContext }[]): Promise<Buffer[]> {
    const foreign = keys.find(({ keyId }) => !this.holds(keyId));
    if (foreign) throw masterKeyUnknown(foreign.keyId);
    const items = keys.map(({ wrapped, context }) => ({
      ciphertext: wrapped.toString('latin1'),
      associated_data: boundTo(context),
    }));
    const results = await this.batch('decrypt', items);
    return results.map(({ plaintext }) => Buffer.from(plaintext ?? '', 'base64'));
  }

  private get name(): string {
    return `vault:${this.place.mount}/${this.place.key}`;
  }

  private async batch(operation: 'encrypt' | 'decrypt', items: object[]): Promise<BatchResult[]> {
    if (items.length === 0) return [];
    const answer = await this.call('POST', `${operation}/${this.place.key}`, { batch_input: items });
    const results = (answer['batch_results'] ?? []) as BatchResult[];
    if (results.length !== items.length) throw kmsUnreachable(NAME);
    // With some of the batch failed it answers 400 with a text for each: which is which, no code says.
    if (results.some(({ error }) => error !== undefined && error !== '')) throw keyBroken();
    return results;
  }

  /** Tried again, later and later, while it is sealed, standing by, busy, or away. */
  private async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(method, path, body);
      } catch (error) {
        const again = isDomainError(error, 'KMS_UNREACHABLE') || isDomainError(error, 'KMS_THROTTLED');
        if (!again || attempt === ATTEMPTS) throw error;
        await this.options.clock.wait(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  private async once(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const { env, timeoutMs } = this.options;
    const token = await tokenOf(env);
    const namespace = env['VAULT_NAMESPACE'];
    let response: Response;
    let answer: Answer;
    try {
      response = await fetch(`${this.place.origin}/v1/${this.place.mount}/${path}`, {
        method,
        headers: {
          'x-vault-token': token,
          'x-vault-request': 'true',
          ...(namespace && { 'x-vault-namespace': namespace }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      answer = (await response.json().catch(() => ({}))) as Answer;
    } catch (error) {
      throw kmsUnreachable(NAME, error);
    }
    if (response.ok) return answer.data ?? {};
    if (response.status === 400) {
      // An altered ciphertext, or one that stood elsewhere; in a batch its results say so item by item.
      if (method === 'POST') throw keyBroken();
      throw kmsRefused(NAME, '400');
    }
    if (response.status === 404) throw masterKeyUnknown(this.name);
    if (response.status === 429) throw kmsThrottled(NAME);
    if (response.status < 500 && response.status !== 412) throw kmsRefused(NAME, String(response.status));
    throw kmsUnreachable(NAME);
  }
}

interface Answer {
  data?: Record<string, unknown>;
}

interface BatchResult {
  ciphertext?: string;
  plaintext?: string;
  error?: string;
}

/** SPEC: associated data travels in base64. */
function boundTo({ tenantId, use }: KeyContext): string {
  return Buffer.from(`heed key\u001f${tenantId}\u001f${use}`).toString('base64');
}

function read(text: string): Place {
  const url = URL.parse(text.slice('vault:'.length));
  const segments = (url?.pathname ?? '').split('/').filter((segment) => segment !== '');
  const key = segments.pop();
  if (!url || !/^https?:$/.test(url.protocol) || key === undefined || segments.length === 0) {
    throw new DomainError('KMS_UNKNOWN', 'failed-precondition', {
      message:
        'vault: is followed by the address, the mount and the key: vault:https://vault:8200/transit/heed',
    });
  }
  return { origin: url.origin, mount: segments.join('/'), key };
}

async function tokenOf(env: Record<string, string | undefined>): Promise<string> {
  const path = env['VAULT_TOKEN_FILE'];
  const token = path ? await readFile(path, 'utf8').catch(() => '') : (env['VAULT_TOKEN'] ?? '');
  if (token.trim() === '') throw kmsRefused(NAME, 'no token');
  return token.trim();
}
