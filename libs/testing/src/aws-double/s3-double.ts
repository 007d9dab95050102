import { createHash, randomBytes } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import { DoubleServer, type DoubleRequest } from '../double-server.js';
import { isSigned } from './signature.js';

interface Version {
  id: string;
  /** Undefined: a delete marker. */
  content: Buffer | undefined;
}

interface Upload {
  key: string;
  parts: Map<number, Buffer>;
}

/** SPEC: what lists answer at once; S3 itself gives 1000. */
const PAGE = 3;
const SMALLEST_PART = 5 * 1024 * 1024;

/**
 * What of S3 an object store needs, over its own protocol (path style, XML, Signature Version 4 verified): objects in one
 * piece or in parts, their versions and delete markers, lists in pages. With versioning on, a delete without a version
 * only lays a marker on top.
 */
export class S3Double extends DoubleServer {
  /** Newest first. */
  readonly objects = new Map<string, Version[]>();
  readonly uploads = new Map<string, Upload>();
  private readonly routes: [method: string, parameter: string, (asked: Asked) => void][];

  constructor(
    private readonly bucket: string,
    private readonly versioned: boolean,
  ) {
    super((asked) => this.respond(asked));
    this.routes = [
      ['GET', 'versions', (asked) => this.listVersions(asked)],
      ['GET', 'uploads', (asked) => this.listUploads(asked)],
      ['GET', 'list-type', (asked) => this.list(asked)],
      ['POST', 'uploads', (asked) => this.beginUpload(asked)],
      ['PUT', 'uploadId', (asked) => this.takePart(asked)],
      ['POST', 'uploadId', (asked) => this.complete(asked)],
      ['DELETE', 'uploadId', (asked) => this.abort(asked)],
      ['PUT', '', (asked) => this.put(asked)],
      ['GET', '', (asked) => this.get(asked)],
      ['HEAD', '', (asked) => this.get(asked)],
      ['DELETE', '', (asked) => this.delete(asked)],
    ];
  }

  private respond({ request, response, url, body }: DoubleRequest): void {
    if (!isSigned(request, body, 's3')) return fail(response, 403, 'SignatureDoesNotMatch');
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
    if (bucket !== this.bucket) return fail(response, 404, 'NoSuchBucket');
    const route = this.routes.find(
      ([method, parameter]) =>
        method === request.method && (parameter === '' || url.searchParams.has(parameter)),
    );
    if (!route) return fail(response, 405, 'MethodNotAllowed');
    const ifNew = request.headers['if-none-match'] === '*';
    route[2]({ response, query: url.searchParams, key: rest.join('/'), body, ifNew });
  }

  private put({ response, key, body, ifNew }: Asked): void {
    if (ifNew && this.objects.get(key)?.[0]?.content) return fail(response, 412, 'PreconditionFailed');
    this.store(key, body);
    response.setHeader('etag', etag(body)).end();
  }

  private store(key: string, content: Buffer | undefined): void {
    const kept = this.versioned ? (this.objects.get(key) ?? []) : [];
    const id = this.versioned ? randomBytes(8).toString('hex') : 'null';
    this.objects.set(key, [{ id, content }, ...kept]);
  }

  private get({ response, key }: Asked): void {
    const content = this.objects.get(key)?.[0]?.content;
    if (!content) return fail(response, 404, 'NoSuchKey');
    response.setHeader('content-length', content.length).end(content);
  }

  private delete({ response, key, query }: Asked): void {
    const versionId = query.get('versionId');
    if (versionId === null && this.versioned) this.store(key, undefined);
    else {
      const left = (this.objects.get(key) ?? []).filter(({ id }) => id !== (versionId ?? 'null'));
      if (left.length > 0) this.objects.set(key, left);
      else this.objects.delete(key);
    }
    response.writeHead(204).end();
  }

  private list({ response, query }: Asked): void {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const found = [...this.objects]
      .filter(([key, [newest]]) => key.startsWith(prefix) && key > after && newest?.content)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const page = found.slice(0, PAGE);
    const more = found.length > PAGE;
    xml(
      response,
      'ListBucketResult',
      `<IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${page.at(-1)![0]}</NextContinuationToken>` : ''}` +
        page
          .map(
            ([key, [newest]]) =>
              `<Contents><Key>${key}</Key><Size>${newest!.content!.length}</Size></Contents>`,
          )
          .join(''),
    );
  }

  private listVersions({ response, query }: Asked): void {
    const prefix = query.get('prefix') ?? '';
    const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
    const all = [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, versions]) => versions.map((version) => ({ key, ...version })));
    // What was named as the last one may be deleted by now: its key goes on from the beginning.
    const last = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
    const found = all.slice(last + 1).filter(({ key }) => key >= keyMarker);
    const page = found.slice(0, PAGE);
    const more = found.length > PAGE;
    const next = `<NextKeyMarker>${page.at(-1)?.key}</NextKeyMarker><NextVersionIdMarker>${page.at(-1)?.id}</NextVersionIdMarker>`;
    const entries = page.map(({ key, id, content }) => {
      const tag = content ? 'Version' : 'DeleteMarker';
      return `<${tag}><Key>${key}</Key><VersionId>${id}</VersionId></${tag}>`;
    });
    xml(
      response,
      'ListVersionsResult',
      `<IsTruncated>${more}</IsTruncated>${more ? next : ''}${entries.join('')}`,
    );
  }

  private listUploads({ response, query }: Asked): void {
    const prefix = query.get('prefix') ?? '';
    const found = [...this.uploads].filter(([, { key }]) => key.startsWith(prefix));
    const entries = found.map(
      ([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`,
    );
    xml(response, 'ListMultipartUploadsResult', entries.join(''));
  }

  private beginUpload({ response, key }: Asked): void {
    const id = randomBytes(8).toString('hex');
    this.uploads.set(id, { key, parts: new Map() });
    xml(response, 'InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
  }

  private takePart({ response, query, body }: Asked): void {
    const upload = this.uploads.get(query.get('uploadId')!);
    if (!upload) return fail(response, 404, 'NoSuchUpload');
    upload.parts.set(Number(query.get('partNumber')), body);
    response.setHeader('etag', etag(body)).end();
  }

  private complete({ response, query, body }: Asked): void {
    const upload = this.uploads.get(query.get('uploadId')!);
    if (!upload) return fail(response, 404, 'NoSuchUpload');
    const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n));
    const parts = named.map((number) => upload.parts.get(number));
    if (parts.includes(undefined)) return fail(response, 400, 'InvalidPart');
    if (parts.slice(0, -1).some((part) => part!.length < SMALLEST_PART))
      return fail(response, 400, 'EntityTooSmall');
    this.uploads.delete(query.get('uploadId')!);
    this.store(upload.key, Buffer.concat(parts as Buffer[]));
    xml(response, 'CompleteMultipartUploadResult', `<Key>${upload.key}</Key>`);
  }

  private abort({ response, query }: Asked): void {
    if (!this.uploads.delete(query.get('uploadId')!)) return fail(response, 404, 'NoSuchUpload');
    response.writeHead(204).end();
  }
}

interface Asked {
  response: ServerResponse;
  query: URLSearchParams;
  key: string;
  body: Buffer;
  /** SPEC: If-None-Match: * — only where there is none. */
  ifNew: boolean;
}

function etag(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

function xml(response: ServerResponse, root: string, content: string): void {
  response.setHeader('content-type', 'application/xml');
  response.end(`<?xml version="1.0" encoding="UTF-8"?><${root}>${content}</${root}>`);
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.statusCode = status;
  xml(response, 'Error', `<Code>${code}</Code>`);
}
