import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DoubleServer, type DoubleRequest } from '../double-server.js';
import { isSigned } from './signature.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface Asked {
  KeyId?: string;
  Plaintext?: string;
  CiphertextBlob?: string;
  EncryptionContext?: Record<string, string>;
}

class Refused extends Error {
  constructor(readonly type: string) {
    super(type);
  }
}

/**
 * What of AWS KMS a master key needs, over its own protocol (JSON 1.1, target in a header, Signature Version 4 verified):
 * DescribeKey, Encrypt, Decrypt. Aliases lead to keys; a disabled key refuses; the context is authenticated.
 */
export class KmsDouble extends DoubleServer {
  private readonly keys = new Map<string, { secret: Buffer; enabled: boolean }>();
  private readonly aliases = new Map<string, string>();

  constructor() {
    super((asked) => this.respond(asked));
  }

  /** Makes a key, and gives it the alias: from now on what names it means this one. */
  addKey(alias: string): string {
    const arn = `arn:aws:kms:eu-central-1:111122223333:key/${randomBytes(8).toString('hex')}`;
    this.keys.set(arn, { secret: randomBytes(32), enabled: true });
    this.aliases.set(alias, arn);
    return arn;
  }

  disable(arn: string): void {
    this.keys.get(arn)!.enabled = false;
  }

  private respond({ request, response, body }: DoubleRequest): void {
    const send = (status: number, answer: object): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    };
    if (!isSigned(request, body, 'kms')) return send(400, { __type: 'InvalidSignatureException' });
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
    try {
      send(200, this.carryOut(operation, JSON.parse(body.toString()) as Asked));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      send(400, { __type: error.type });
    }
  }

  private carryOut(operation: string, asked: Asked): object {
    const arn = this.aliases.get(asked.KeyId ?? '') ?? asked.KeyId ?? '';
    const key = this.keys.get(arn);
    if (!key) throw new Refused('NotFoundException');
    if (operation === 'DescribeKey') return { KeyMetadata: { KeyId: arn, Arn: arn, Enabled: key.enabled } };
    if (!key.enabled) throw new Refused('DisabledException');
    const context = Buffer.from(JSON.stringify(Object.entries(asked.EncryptionContext ?? {}).sort()));
    if (operation === 'Encrypt') {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key.secret, nonce).setAAD(context);
      const sealed = [cipher.update(Buffer.from(asked.Plaintext ?? '', 'base64')), cipher.final()];
      const blob = Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]);
      return { KeyId: arn, CiphertextBlob: blob.toString('base64') };
    }
    if (operation !== 'Decrypt') throw new Refused('UnsupportedOperationException');
    const blob = Buffer.from(asked.CiphertextBlob ?? '', 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key.secret, blob.subarray(0, NONCE_BYTES)).setAAD(
      context,
    );
    decipher.setAuthTag(blob.subarray(-TAG_BYTES));
    try {
      const opened = [decipher.update(blob.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
      return { KeyId: arn, Plaintext: Buffer.concat(opened).toString('base64') };
    } catch {
      throw new Refused('InvalidCiphertextException');
    }
  }
}
