import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { lengthInStream, readMessage } from './sip-message.js';
import { type SipTransport, type TransportOptions } from './sip-transport.js';

const CONNECT_WITHIN_MS = 5_000;

/**
 * One connection to the trunk, made anew when it is needed. The trunk asks and answers on it too: nobody connects to us.
 */
export class StreamTransport implements SipTransport {
  readonly isReliable = true;
  private socket: Socket | undefined;
  private connecting: Promise<Socket> | undefined;
  private own = { host: '', port: 0 };

  private constructor(
    readonly protocol: 'TCP' | 'TLS',
    private readonly options: TransportOptions,
  ) {}

  static async open(protocol: 'TCP' | 'TLS', options: TransportOptions): Promise<StreamTransport> {
    const transport = new StreamTransport(protocol, options);
    // A trunk that is away at the start is no reason not to serve: it is asked for again with each call.
    await transport.ready().catch(() => undefined);
    return transport;
  }

  get host(): string {
    return this.options.publicHost ?? this.own.host;
  }

  get port(): number {
    return this.own.port;
  }

  async ready(): Promise<void> {
    if (this.socket) return;
    this.connecting ??= this.connect().finally(() => (this.connecting = undefined));
    await this.connecting;
  }

  isClear(): boolean {
    return this.socket !== undefined && this.socket.writable && this.socket.writableLength === 0;
  }

  send(message: Buffer): void {
    if (this.socket?.writable) this.socket.write(message);
  }

  async close(): Promise<void> {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private connect(): Promise<Socket> {
    const { host, port, secure: { ca, verify } = { verify: true } } = this.options;
    const secure = this.protocol === 'TLS';
    // RFC 6066, 3: a name is told, an address never. It is checked against the certificate all the same.
    const name = isIP(host) === 0 ? { servername: host } : {};
    return new Promise((resolve, reject) => {
      const socket: Socket = secure
        ? connectTls({
            host,
            port,
            ...name,
            ...(ca && { ca }),
            rejectUnauthorized: verify,
            minVersion: 'TLSv1.2',
          })
        : connectTcp({ host, port });
      const late = setTimeout(() => socket.destroy(new Error('no connection in time')), CONNECT_WITHIN_MS);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      socket.once('error', reject);
      socket.once('close', () => {
        clearTimeout(late);
        if (this.socket === socket) this.socket = undefined;
        reject(new Error('closed'));
      });
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(late);
        socket.on('error', () => undefined);
        this.own = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
        this.socket = socket;
        this.read(socket);
        resolve(socket);
      });
    });
  }

  private read(socket: Socket): void {
    let pending: Buffer = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
      for (;;) {
        // Empty lines between messages keep connections alive (RFC 5626, 3.5.1).
        let blank = 0;
        while (pending[blank] === 13 || pending[blank] === 10) blank += 1;
        pending = pending.subarray(blank);
        if (pending.length === 0) return;
        const length = lengthInStream(pending);
        if (length === undefined || length > pending.length) return;
        const message = length === 0 ? undefined : readMessage(pending.subarray(0, length));
        // Where one message cannot be read nobody knows where the next one begins.
        if (!message) return void socket.destroy();
        pending = pending.subarray(length);
        this.options.onMessage(message, (answer) => void (socket.writable && socket.write(answer)));
      }
    });
  }
}
