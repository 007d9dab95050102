import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { type AgreedMedia, PAYLOAD_TYPE } from '../sip/sdp.js';
import { AudioTrack } from './audio-track.js';
import { decodeG711, encodeG711, SAMPLE_RATE } from './g711.js';
import { FRAME_MS, type Pacer } from './pacer.js';
import { PressedKeys } from './pressed-keys.js';
import { readRtp, writeRtp } from './rtp.js';

export interface PortRange {
  first: number;
  last: number;
}

export interface MediaOptions {
  host: string;
  ports?: PortRange;
  pacer: Pacer;
  onKey(key: string): void;
  /** In order, gaps as silence. */
  onSound(samples: Buffer): void;
}

const FRAME = (FRAME_MS * SAMPLE_RATE) / 1_000;

/** The sound of one call: a port of its own, packets at the pace of speech, silence where there is nothing to say. */
export class MediaSession {
  readonly port: number;
  private agreed: AgreedMedia | undefined;
  private stopPacing = (): void => undefined;
  private playing: { samples: Int16Array; at: number; done: () => void } | undefined;
  private readonly keys = new PressedKeys();
  private readonly track: AudioTrack;
  private readonly source = randomBytes(4).readUInt32BE();
  private sequence = randomBytes(2).readUInt16BE();
  private timestamp = randomBytes(4).readUInt32BE();
  private isFirst = true;
  private isOpen = true;

  private constructor(
    private readonly socket: Socket,
    private readonly options: MediaOptions,
  ) {
    this.port = socket.address().port;
    this.track = new AudioTrack((samples) => options.onSound(samples));
    socket.on('message', (bytes, { address }) => this.hear(bytes, address));
    // A port that nobody listens on any more: the end of the call is told by SIP.
    socket.on('error', () => undefined);
  }

  static async open(options: MediaOptions): Promise<MediaSession> {
    return new MediaSession(await boundSocket(options), options);
  }

  /** Speaks to where was agreed, from now on. */
  connect(agreed: AgreedMedia): void {
    if (!this.isOpen) return;
    const isNew = !this.agreed;
    this.agreed = agreed;
    if (isNew) this.stopPacing = this.options.pacer.add(() => this.say());
  }

  /** Resolves once it was said, or the call is over. */
  play(samples: Int16Array): Promise<void> {
    if (!this.isOpen || !this.agreed) return Promise.resolve();
    this.playing?.done();
    return new Promise((resolve) => {
      this.playing = { samples, at: 0, done: resolve };
    });
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.stopPacing();
    this.track.flush();
    this.playing?.done();
    this.playing = undefined;
    this.socket.close();
  }

  private say(): void {
    const { host, port, codec } = this.agreed!;
    const packet = writeRtp({
      ...{ type: PAYLOAD_TYPE[codec], marker: this.isFirst, payload: this.nextFrame() },
      ...{ sequence: this.sequence, timestamp: this.timestamp, source: this.source },
    });
    this.isFirst = false;
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + FRAME) >>> 0;
    // Held calls name 0.0.0.0 or port 9: nobody is spoken to.
    if (host !== '0.0.0.0' && port !== 9) this.socket.send(packet, port, host, () => undefined);
  }

  private nextFrame(): Buffer {
    const { codec } = this.agreed!;
    const frame = Buffer.alloc(FRAME, codec === 'PCMU' ? 0xff : 0xd5);
    const { playing } = this;
    if (playing && playing.at < playing.samples.length) {
      encodeG711(codec, playing.samples.subarray(playing.at, playing.at + FRAME)).copy(frame);
      playing.at += FRAME;
    } else if (playing) {
      // With the frame after the last one: that one has been heard by now.
      this.playing = undefined;
      playing.done();
    }
    return frame;
  }

  /** From the agreed address alone: whoever finds the port open is not in the call. */
  private hear(bytes: Buffer, from: string): void {
    const { agreed } = this;
    if (!agreed || from !== agreed.host) return;
    const packet = readRtp(bytes);
    if (!packet) return;
    if (packet.type === agreed.keysAs) {
      const key = this.keys.hear(packet);
      if (key) this.options.onKey(key);
    } else if (packet.type === PAYLOAD_TYPE[agreed.codec])
      this.track.hear(packet.source, packet.timestamp, decodeG711(agreed.codec, packet.payload));
  }
}

async function boundSocket({ host, ports }: MediaOptions): Promise<Socket> {
  const tries = ports ? Math.min(ports.last - ports.first + 1, 200) : 1;
  const begin = ports ? ports.first + Math.floor(Math.random() * (ports.last - ports.first + 1)) : 0;
  for (let n = 0; ; n += 1) {
    const port = ports ? ports.first + ((begin - ports.first + n) % (ports.last - ports.first + 1)) : 0;
    const type = isIP(host) === 6 ? 'udp6' : 'udp4';
    const socket = createSocket({ type, lookup: (known, _, done) => done(null, known, isIP(known)) });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(port, host, resolve);
      });
      socket.removeAllListeners('error');
      return socket;
    } catch (error) {
      socket.close();
      if (n + 1 >= tries) throw error;
    }
  }
}
