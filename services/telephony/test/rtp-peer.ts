import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readRtp, type RtpPacket, writeRtp } from '../src/media/rtp.js';

const FRAME = 160;

/** The other end of a call's sound: hears packets, says bytes, presses keys. */
export class RtpPeer {
  port = 0;
  readonly heard: RtpPacket[] = [];
  private socket!: Socket;
  private sequence = 0;
  private timestamp = 0;
  private waiters: { fits: () => boolean; resolve: () => void }[] = [];

  async listen(): Promise<void> {
    this.socket = createSocket('udp4');
    this.socket.on('message', (bytes) => {
      this.heard.push(readRtp(bytes)!);
      const done = this.waiters.filter(({ fits }) => fits());
      this.waiters = this.waiters.filter((waiter) => !done.includes(waiter));
      for (const { resolve } of done) resolve();
    });
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    this.port = this.socket.address().port;
  }

  /** Resolves once what was heard is so. */
  hears(fits: () => boolean): Promise<void> {
    return fits() ? Promise.resolve() : new Promise((resolve) => this.waiters.push({ fits, resolve }));
  }

  /** Packets that are not silence. */
  get sounds(): number {
    return this.heard.filter(({ payload }) => payload.some((byte) => byte !== 0xff)).length;
  }

  /** One packet after another, each of one value. */
  async say(port: number, bytes: readonly number[]): Promise<void> {
    for (const byte of bytes) {
      await this.send(port, 0, Buffer.alloc(FRAME, byte));
      this.timestamp += FRAME;
    }
  }

  async press(port: number, code: number): Promise<void> {
    for (const [duration, end] of [
      [160, 0],
      [800, 0x80],
      [800, 0x80],
    ] as const)
      await this.send(port, 101, Buffer.of(code, end | 10, duration >> 8, duration & 0xff));
    this.timestamp += 800;
  }

  send(port: number, type: number, payload: Buffer): Promise<void> {
    const { timestamp } = this;
    const packet = writeRtp({
      type,
      marker: false,
      sequence: this.sequence++,
      timestamp,
      source: 7,
      payload,
    });
    return new Promise((resolve) => this.socket.send(packet, port, '127.0.0.1', () => resolve()));
  }

  close(): void {
    this.socket.close();
  }
}
