import type * as Sdk from '@aws-sdk/client-kms';
import { chunked, DomainError } from '@heed/kernel';
import { keyBroken, kmsRefused, kmsThrottled, kmsUnreachable, masterKeyUnknown } from './kms-error.js';
import { type KeyContext, type KeyManagement } from './kms.js';

const NAME = 'AWS KMS';
const SCHEME = 'aws-kms:';

/** It takes one key a call. More at once earn no more than its throttling. */
const AT_ONCE = 16;
/** With growing pauses between them, by the SDK. */
const ATTEMPTS = 4;

const UNKNOWN = [
  'NotFoundException',
  'DisabledException',
  'KMSInvalidStateException',
  'KeyUnavailableException',
];
const BROKEN = ['InvalidCiphertextException', 'IncorrectKeyException'];
const THROTTLED = ['ThrottlingException', 'LimitExceededException', 'RequestLimitExceeded'];

/**
 * A master key in AWS KMS. Credentials and region come as they do to any AWS client: environment, profile, web
 * identity, instance role. What a key is for is its encryption context, so it is in CloudTrail with every use.
 */
export class AwsKms implements KeyManagement {
  private constructor(
    private readonly sdk: typeof Sdk,
    private readonly client: Sdk.KMSClient,
    private readonly arn: string,
  ) {}

  static async open(place: string, { timeoutMs }: { timeoutMs: number }): Promise<AwsKms> {
    const { key, region, endpoint } = read(place);
    // Loaded by those alone who have such a key.
    const sdk = await import('@aws-sdk/client-kms');
    const client = new sdk.KMSClient({
      ...(region && { region }),
      ...(endpoint && { endpoint }),
      maxAttempts: ATTEMPTS,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: timeoutMs,
        requestTimeout: timeoutMs,
        throwOnRequestTimeout: true,
      },
    });
    const { KeyMetadata } = await translated(key, () =>
      client.send(new sdk.DescribeKeyCommand({ KeyId: key })),
    );
    if (!KeyMetadata?.Arn || KeyMetadata.Enabled === false) throw masterKeyUnknown(key);
    return new AwsKms(sdk, client, KeyMetadata.Arn);
  }

  get keyId(): string {
    return `${SCHEME}${this.arn}`;
  }

  /** Another key of the same account is asked for by its own ARN, which IAM allows or does not. */
  holds(keyId: string): boolean {
    return keyId.startsWith(SCHEME);
  }

  async wrap(keys: readonly { key: Buffer; context: KeyContext }[]): Promise<Buffer[]> {
    return this.each(keys, async ({ key, context }) => {
      const { CiphertextBlob } = await translated(this.keyId, () =>
        this.client.send(
          new this.sdk.EncryptCommand({
            ...{ KeyId: this.arn, Plaintext: key, EncryptionContext: boundTo(context) },
          }),
        ),
      );
      return Buffer.from(CiphertextBlob!);
    });
  }

  async unwrap(keys: readonly { wrapped: Buffer; keyId: string; context: KeyContext }[]): Promise<Buffer[]> {
    return this.each(keys, async ({ wrapped, keyId, context }) => {
      if (!this.holds(keyId)) throw masterKeyUnknown(keyId);
      const { Plaintext } = await translated(keyId, () =>
        this.client.send(
          new this.sdk.DecryptCommand({
            KeyId: keyId.slice(SCHEME.length),
            CiphertextBlob: wrapped,
            EncryptionContext: boundTo(context),
          }),
        ),
      );
      return Buffer.from(Plaintext!);
    });
  }

  private async each<T>(items: readonly T[], work: (item: T) => Promise<Buffer>): Promise<Buffer[]> {
    const done: Buffer[] = [];
    for (const batch of chunked(items, AT_ONCE)) done.push(...(await Promise.all(batch.map(work))));
    return done;
  }
}

function boundTo({ tenantId, use }: KeyContext): Record<string, string> {
  return { heed_tenant: tenantId, heed_use: use };
}

function read(place: string): { key: string; region: string | null; endpoint: string | null } {
  const [key = '', query = ''] = place.slice(SCHEME.length).split('?');
  if (key === '') {
    throw new DomainError('KMS_UNKNOWN', 'failed-precondition', {
      message: 'aws-kms: names no key: aws-kms:alias/heed, or the ARN of one',
    });
  }
  const more = new URLSearchParams(query);
  return { key, region: more.get('region'), endpoint: more.get('endpoint') };
}

async function translated<T>(keyId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (UNKNOWN.includes(name)) throw masterKeyUnknown(keyId);
    if (BROKEN.includes(name)) throw keyBroken();
    if (THROTTLED.includes(name) || status === 429) throw kmsThrottled(NAME);
    if (name === 'CredentialsProviderError' || (status !== undefined && status < 500))
      throw kmsRefused(NAME, name);
    throw kmsUnreachable(NAME, error);
  }
}
