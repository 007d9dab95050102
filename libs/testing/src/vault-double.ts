import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DoubleServer, type DoubleRequest } from './double-server.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface Item {
  plaintext?: string;
  ciphertext?: string;
  associated_data?: string;
}

export const VAULT_TOKEN = 'hvs.token-of-the-double';

/**
 * What of Vault's transit engine a master key needs, over its own HTTP API: reading a key, encrypt and decrypt in
 * batches with associated data, rotation. SPEC: a ciphertext is `vault:v<version>:<base64>`; a batch of which some item
 * fails is answered 400 with the results of all.
 */
export class VaultDouble extends DoubleServer {
  private readonly keys = new Map<string, Buffer[]>();

  constructor() {
    super((asked) => this.respond(asked));
  }

  addKey(name: string): void {
    this.keys.set(name, [randomBytes(32)]);
  }

  rotate(name: string): void {
    this.keys.get(name)!.push(randomBytes(32));
  }

  private respond({ request, response, url, body }: DoubleRequest): void {
    const send = (status: number, answer: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    };
    if (request.headers['x-vault-token'] !== VAULT_TOKEN) return send(403, { errors: ['permission denied'] });
    const [, version, mount, operation = '', name = ''] = url.pathname.split('/');
    const versions = this.keys.get(name);
    if (version !== 'v1' || mount !== 'transit' || !versions) return send(404, { errors: [] });
    if (request.method === 'GET' && operation === 'keys') {
      return send(200, { data: { name, type: 'aes256-gcm96', latest_version: versions.length } });
    }
    const { batch_input: items } = JSON.parse(body.toString()) as { batch_input: Item[] };
    const work = operation === 'encrypt' ? encrypted : decrypted;
    const results = items.map((item) => work(versions, item));
    send(results.some((result) => 'error' in result) ? 400 : 200, { data: { batch_results: results } });
  }
}

function encrypted(versions: readonly Buffer[], { plaintext, associated_data: bound }: Item): object {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', versions.at(-1)!, nonce);
  cipher.setAAD(Buffer.from(bound ?? '', 'base64'));
  const sealed = [cipher.update(Buffer.from(plaintext ?? '', 'base64')), cipher.final(), cipher.getAuthTag()];
  return { ciphertext: `vault:v${versions.length}:${Buffer.concat([nonce, ...sealed]).toString('base64')}` };
}

function decrypted(versions: readonly Buffer[], { ciphertext, associated_data: bound }: Item): object {
  const [scheme, version = '', text = ''] = (ciphertext ?? '').split(':');
  const key = versions[Number(version.slice(1)) - 1];
  if (scheme !== 'vault' || !key) return { error: 'invalid ciphertext: no prefix' };
  const blob = Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(bound ?? '', 'base64'));
    decipher.setAuthTag(blob.subarray(-TAG_BYTES));
    const opened = [decipher.update(blob.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return { plaintext: Buffer.concat(opened).toString('base64') };
  } catch {
    return { error: 'cipher: message authentication failed' };
  }
}
