import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { metrics } from '@heed/telemetry';
import { readMessage } from './sip-message.js';
import { type SipTransport, type TransportOptions } from './sip-transport.js';

/** Answers of many calls come at once, and what finds no room is lost; the system may grant less. */
const RECEIVE_BUFFER = 1024 * 1024;
const LOOK_UP_AGAIN_MS = 60_000;

const unreadable = metrics.counter('heed_sip_unreadable_total', {
  description: 'What came from the network and was no SIP message',
});

export class UdpTransport implements SipTransport {
  readonly protocol = 'UDP';
  readonly isReliable = false;
  readonly host: string;
  readonly port: number;

  private constructor(
    private readonly socket: Socket,
    private readonly options: TransportOptions,
    private trunk: string,
    own: string,
  ) {
    this.host = options.publicHost ?? own;
    this.port = socket.address().port;
    socket.on('message', (bytes, { address, port }) => {
      const message = readMessage(bytes);
      if (!message) return unreadable.add(1, { kind: 'datagram' });
      options.onMessage(message, (answer) => this.write(answer, address, port));
    });
    // A network that is down says so; who waits for an answer finds out by its timer.
    socket.on('error', () => undefined);
  }

  static async open(options: TransportOptions): Promise<UdpTransport> {
    const { address } = await lookup(options.host);
    const type = isIP(address) === 6 ? 'udp6' : 'udp4';
    const host = options.listen?.host ?? (await ownAddress(type, address, options.port));
    // Addresses are looked up by us. The usual way hands even an address to a resolver first, so that the datagram would
    // be written a turn of the loop after the permit was checked.
    const socket = createSocket({
      type,
      recvBufferSize: RECEIVE_BUFFER,
      lookup: (known, _, done) => done(null, known, isIP(known)),
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(options.listen?.port ?? 0, host, resolve);
    });
    socket.removeAllListeners('error');
    return new UdpTransport(socket, options, address, host);
  }

  private isOpen = true;
  private lookedUpMs = performance.now();

  async ready(): Promise<void> {
    if (isIP(this.options.host) || performance.now() - this.lookedUpMs < LOOK_UP_AGAIN_MS) return;
    this.lookedUpMs = performance.now();
    // An answer that fails leaves us with the last one.
    const found = await lookup(this.options.host, isIP(this.trunk)).catch(() => undefined);
    if (found) this.trunk = found.address;
  }

  isClear(): boolean {
    return this.isOpen && this.socket.getSendQueueCount() === 0;
  }

  send(message: Buffer): void {
    this.write(message, this.trunk, this.options.port);
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private write(message: Buffer, host: string, port: number): void {
    if (this.isOpen) this.socket.send(message, port, host, () => undefined);
  }
}

/** The address of the interface that leads there: connecting a datagram socket sends nothing. */
async function ownAddress(type: 'udp4' | 'udp6', host: string, port: number): Promise<string> {
  const probe = createSocket(type);
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.connect(port, host, resolve);
    });
    return probe.address().address;
  } finally {
    probe.close();
  }
}
