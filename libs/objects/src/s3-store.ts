import { type Readable } from 'node:stream';
import type * as Sdk from '@aws-sdk/client-s3';
import { isDomainError } from '@heed/kernel';
import { demandKey, demandPrefix } from './object-key.js';
import {
  type ObjectBody,
  type ObjectCredentials,
  type ObjectStore,
  type StoredObject,
} from './object-store.js';
import { translated } from './s3-error.js';

/** SPEC: S3 takes parts of 5 MiB and more. What is shorter than one goes in one piece. */
const PART_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
/** With growing pauses between them, by the SDK. */
const ATTEMPTS = 4;

/**
 * Objects in a bucket of S3, or of a store that speaks its protocol. Credentials and region come as they do to any AWS
 * client. Versions are deleted one by one, delete markers too, so that a versioned bucket keeps nothing of the erased;
 * one with object lock refuses that, and no receipt is given.
 */
export class S3Store implements ObjectStore {
  private constructor(
    private readonly sdk: typeof Sdk,
    private readonly client: Sdk.S3Client,
    private readonly bucket: string,
    private readonly folder: string,
  ) {}

  /** `s3://bucket/prefix`, with `?region=`, `?endpoint=` and `?path_style=true` where the store is not at AWS. */
  static async open(url: string, credentials?: ObjectCredentials): Promise<S3Store> {
    const { hostname: bucket, pathname, searchParams } = new URL(url);
    const folder = pathname.replaceAll(/^\/+|\/+$/g, '');
    if (folder !== '') demandKey(folder);
    const [region, endpoint] = [searchParams.get('region'), searchParams.get('endpoint')];
    // Loaded by those alone who have a bucket.
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client({
      ...(region && { region }),
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
      forcePathStyle: searchParams.get('path_style') === 'true',
      maxAttempts: ATTEMPTS,
      // Stores that are not AWS's know no checksums in trailers; the signature covers the content anyway.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: TIMEOUT_MS,
        requestTimeout: TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    });
    return new S3Store(sdk, client, bucket, folder === '' ? '' : `${folder}/`);
  }

  async put(key: string, body: ObjectBody): Promise<number> {
    const place = this.placeOf(key);
    const parts = partsOf(body);
    const first = await parts.next();
    if (first.done) return this.putWhole(place, Buffer.alloc(0));
    const second = await parts.next();
    if (second.done) return this.putWhole(place, first.value);
    return this.putInParts(place, [first.value, second.value], parts);
  }

  async putNew(key: string, content: Uint8Array): Promise<boolean> {
    const place = this.placeOf(key);
    try {
      const put = new this.sdk.PutObjectCommand({ ...place, Body: content, IfNoneMatch: '*' });
      await translated(() => this.client.send(put));
      return true;
    } catch (error) {
      if (isDomainError(error, 'OBJECT_KEY_TAKEN')) return false;
      throw error;
    }
  }

  async get(key: string): Promise<Readable> {
    const place = this.placeOf(key);
    const { Body } = await translated(() => this.client.send(new this.sdk.GetObjectCommand(place)));
    return Body as Readable;
  }

  async exists(key: string): Promise<boolean> {
    const place = this.placeOf(key);
    try {
      await translated(() => this.client.send(new this.sdk.HeadObjectCommand(place)));
      return true;
    } catch (error) {
      if (isDomainError(error, 'OBJECT_NOT_FOUND')) return false;
      throw error;
    }
  }

  /** Uploads in flight are ended as well: their parts are copies, and they cannot complete any more (ATTACKS 5.8). */
  async delete(key: string): Promise<boolean> {
    const place = this.placeOf(key);
    await this.abortUploads(place.Key);
    let found = false;
    for await (const { versionId, marker } of this.versionsOf(place.Key)) {
      found ||= !marker;
      await translated(() =>
        this.client.send(new this.sdk.DeleteObjectCommand({ ...place, VersionId: versionId })),
      );
    }
    return found;
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    demandPrefix(prefix);
    let token: string | undefined;
    do {
      const page: Sdk.ListObjectsV2CommandOutput = await translated(() =>
        this.client.send(
          new this.sdk.ListObjectsV2Command({
            ...{ Bucket: this.bucket, Prefix: this.folder + prefix },
            ...(token && { ContinuationToken: token }),
          }),
        ),
      );
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        yield { key: Key.slice(this.folder.length), size: Size };
      }
      token = page.NextContinuationToken;
    } while (token);
  }

  private async putWhole(place: Place, content: Buffer): Promise<number> {
    await translated(() => this.client.send(new this.sdk.PutObjectCommand({ ...place, Body: content })));
    return content.length;
  }

  /** In turn: memory holds two parts, however long it is. Broken off, nothing of it stays. */
  private async putInParts(
    place: Place,
    begun: readonly Buffer[],
    rest: AsyncGenerator<Buffer>,
  ): Promise<number> {
    const { UploadId } = await translated(() =>
      this.client.send(new this.sdk.CreateMultipartUploadCommand(place)),
    );
    const upload = { ...place, UploadId };
    const parts: Sdk.CompletedPart[] = [];
    let size = 0;
    const send = async (content: Buffer): Promise<void> => {
      const part = { ...upload, PartNumber: parts.length + 1, Body: content };
      const { ETag } = await translated(() => this.client.send(new this.sdk.UploadPartCommand(part)));
      parts.push({ PartNumber: part.PartNumber, ETag });
      size += content.length;
    };
    try {
      for (const content of begun) await send(content);
      for await (const content of rest) await send(content);
      const MultipartUpload = { Parts: parts };
      await translated(() =>
        this.client.send(new this.sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload })),
      );
      return size;
    } catch (error) {
      await this.client.send(new this.sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  }

  private async abortUploads(Key: string): Promise<void> {
    const found = await translated(() =>
      this.client.send(new this.sdk.ListMultipartUploadsCommand({ Bucket: this.bucket, Prefix: Key })),
    );
    for (const upload of found.Uploads ?? []) {
      if (upload.Key !== Key) continue;
      const ended = { Bucket: this.bucket, Key, UploadId: upload.UploadId };
      await this.client.send(new this.sdk.AbortMultipartUploadCommand(ended)).catch((error: unknown) => {
        // It has ended by itself meanwhile: the versions are looked at next.
        if ((error as Error).name !== 'NoSuchUpload') throw error;
      });
    }
  }

  /** Of this key alone: the prefix of a key may begin others. */
  private async *versionsOf(Key: string): AsyncIterable<{ versionId: string; marker: boolean }> {
    let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (from) {
      const after: object = from;
      const page: Sdk.ListObjectVersionsCommandOutput = await translated(() =>
        this.client.send(
          new this.sdk.ListObjectVersionsCommand({ Bucket: this.bucket, Prefix: Key, ...after }),
        ),
      );
      const mine = ({ Key: found }: { Key?: string | undefined }): boolean => found === Key;
      for (const { VersionId = 'null' } of (page.Versions ?? []).filter(mine))
        yield { versionId: VersionId, marker: false };
      for (const { VersionId = 'null' } of (page.DeleteMarkers ?? []).filter(mine))
        yield { versionId: VersionId, marker: true };
      const { NextKeyMarker, NextVersionIdMarker } = page;
      from =
        page.IsTruncated && NextKeyMarker === Key
          ? {
              KeyMarker: NextKeyMarker,
              ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }),
            }
          : undefined;
    }
  }

  private placeOf(key: string): Place {
    demandKey(key);
    return { Bucket: this.bucket, Key: this.folder + key };
  }
}

interface Place {
  Bucket: string;
  Key: string;
}

/** The content in pieces of one part each, the last one shorter. */
async function* partsOf(body: ObjectBody): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + PART_BYTES - size);
      held.push(piece);
      size += piece.length;
      at += piece.length;
      if (size < PART_BYTES) continue;
      yield Buffer.concat(held);
      held = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(held);
}
