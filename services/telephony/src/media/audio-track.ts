/** So many pieces are waited for whose turn has not come; then what is missing is silence. */
const MOST_HELD = 6;
/** Longer gaps are a new beginning: a timestamp from nowhere makes no hours of silence. */
const LONGEST_GAP = 10 * 8_000;

/** Puts what arrives in any order, twice or not at all into one line of sound. */
export class AudioTrack {
  private next: number | undefined;
  private source: number | undefined;
  private readonly held = new Map<number, Buffer>();

  constructor(private readonly write: (samples: Buffer) => void) {}

  /** `samples` are 16 bit each; `timestamp` counts them. */
  hear(source: number, timestamp: number, samples: Buffer): void {
    if (source !== this.source) {
      this.flush();
      this.source = source;
      this.next = timestamp;
    }
    // Differences of 32 bits, which wrap.
    if (((timestamp - this.next!) | 0) < 0) return;
    this.held.set(timestamp, samples);
    this.inOrder();
    if (this.held.size > MOST_HELD) this.skipGap();
  }

  /** What is held will not be completed any more. */
  flush(): void {
    while (this.held.size > 0) this.skipGap();
  }

  private inOrder(): void {
    for (let samples = this.held.get(this.next!); samples; samples = this.held.get(this.next!)) {
      this.held.delete(this.next!);
      this.next = (this.next! + samples.length / 2) >>> 0;
      if (samples.length > 0) this.write(samples);
      else return;
    }
  }

  private skipGap(): void {
    const gaps = [...this.held.keys()].map((timestamp) => (timestamp - this.next!) | 0);
    const gap = Math.min(...gaps.filter((each) => each >= 0));
    if (gap === Infinity) return this.held.clear();
    if (gap > 0 && gap <= LONGEST_GAP) this.write(Buffer.alloc(gap * 2));
    this.next = (this.next! + gap) >>> 0;
    for (const timestamp of this.held.keys())
      if (((timestamp - this.next) | 0) < 0) this.held.delete(timestamp);
    this.inOrder();
  }
}
