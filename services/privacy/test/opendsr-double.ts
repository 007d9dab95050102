import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

// Made for these specs and used nowhere else: good for dsr.example, for a hundred years.
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUIxACDOK5IgajMQVz8nlTX9l+xz0wCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLZHNyLmV4YW1wbGUwIBcNMjYxMTI4MDMwODIwWhgPMjEyNjEx
MDQwMzA4MjBaMBYxFDASBgNVBAMMC2Rzci5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAENh6VZj11xmDnU3KILFlu149rtdssH/QKsRU/0Hh+L0qZi8l2
OPHXPQdFsRO/XAJ/tMnwbMTOIhMbns7wKbo+76NrMGkwHQYDVR0OBBYEFDtrZ/g7
F81NLkpdWO2OZOVxpRw7MB8GA1UdIwQYMBaAFDtrZ/g7F81NLkpdWO2OZOVxpRw7
MA8GA1UdEwEB/wQFMAMBAf8wFgYDVR0RBA8wDYILZHNyLmV4YW1wbGUwCgYIKoZI
zj0EAwIDRwAwRAIgLFR2KCIrjHGdjt7sEHbFP8YN+OWxcbKOKS6uGerU6KgCIFG5
0l6aZdhpZ06GMvJs7F2hkPz21Qap/A+D0WQ1Kk9n
-----END CERTIFICATE-----
`;
const KEY = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgk4uimoJOmNvg52wA
yHGGMbmfhU5QlX0V4y+ZomFSRvWhRANCAAQ2HpVmPXXGYOdTcogsWW7Xj2u12ywf
9AqxFT/QeH4vSpmLyXY48dc9B0WxE79cAn+0yfBsxM4iExuezvApuj7v
-----END PRIVATE KEY-----
`);
export const DOMAIN = 'dsr.example';

interface Kept {
  body: Buffer;
  status: 'pending' | 'in_progress' | 'completed' | 'cancelled';
}

/** A processor that speaks OpenDSR 2.0 over HTTP, as its specification has it: a server of its own. */
export class OpenDsrDouble {
  /** `forge`: whoever stands in between answers, with a key of their own. */
  mode: 'up' | 'away' | 'refuse' | 'forge' = 'up';
  /** Who asks how far it is waits for this. */
  answering: Promise<void> = Promise.resolve();
  formats = ['raw', 'sha256'];
  expected = '2027-02-01T00:00:00.000Z';
  readonly requests = new Map<string, Kept>();
  /** Whatever was asked, in order. */
  readonly asked: string[] = [];
  /** By what whoever asked has shown who they are. */
  readonly shown = new Set<string | undefined>();
  private readonly stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<OpenDsrDouble> {
    const server = createServer();
    const double = new OpenDsrDouble(server);
    server.on('request', (request, response) => void double.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/2.0`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What it was told, by the number of the request. */
  bodies(): Record<string, unknown>[] {
    return [...this.requests.values()].map(
      ({ body }) => JSON.parse(body.toString()) as Record<string, unknown>,
    );
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    this.shown.add(request.headers.authorization);
    this.asked.push(`${request.method} ${request.url}`);
    if (this.mode === 'away') return void request.socket.destroy();
    const path = (request.url ?? '').replace('/2.0', '');
    if (path === '/discovery') return this.say(response, 200, this.discovery());
    if (request.method === 'POST') return this.take(response, body);
    const id = path.slice('/requests/'.length);
    const kept = this.requests.get(id);
    await this.answering;
    if (!kept) return this.say(response, 404, { error: { code: 404, message: 'not known' } });
    this.say(response, 200, {
      ...{ controller_id: 'heed', subject_request_id: id, request_status: kept.status },
      expected_completion_time: this.expected,
    });
  }

  private take(response: ServerResponse, body: Buffer): void {
    if (this.mode === 'refuse') return this.say(response, 400, { error: { code: 400, message: 'no' } });
    const { subject_request_id: id } = JSON.parse(body.toString()) as { subject_request_id: string };
    if (this.mode === 'up') this.requests.set(id, { body, status: 'pending' });
    this.say(response, 201, {
      ...{ controller_id: 'heed', subject_request_id: id, received_time: this.expected },
      ...{ expected_completion_time: this.expected, encoded_request: body.toString('base64') },
    });
  }

  private discovery(): object {
    const supported = this.formats.map((format) => ({ identity_type: 'email', identity_format: format }));
    return {
      ...{
        api_version: '2.0',
        supported_identities: supported,
        supported_subject_request_types: ['erasure'],
      },
      processor_certificate: `https://${DOMAIN}/certificate.pem`,
    };
  }

  private say(response: ServerResponse, status: number, said: object): void {
    const body = Buffer.from(JSON.stringify(said));
    const key: KeyObject = this.mode === 'forge' ? this.stranger : KEY;
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-opendsr-processor-domain': DOMAIN,
      'x-opendsr-signature': sign('sha256', body, key).toString('base64'),
    });
    response.end(body);
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
