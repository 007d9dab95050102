import { createReadStream, mkdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** One JSON line an event, in the order they were told; many of them share one write. */
export class EventLog<Event extends object> {
  private waiting: string[] = [];
  private writing: Promise<void> | undefined;

  private constructor(private readonly file: FileHandle) {}

  static async open<Event extends object>(path: string): Promise<EventLog<Event>> {
    mkdirSync(dirname(path), { recursive: true });
    const file = await open(path, 'a', 0o600);
    // A process killed while it wrote leaves a torn line: what follows begins on a new one.
    if ((await file.stat()).size > 0) await file.appendFile('\n');
    return new EventLog(file);
  }

  append(event: Event): void {
    this.waiting.push(JSON.stringify(event) + '\n');
    this.writing ??= this.writeAll();
  }

  /** Resolves when all that was appended so far is in the file. */
  async flushed(): Promise<void> {
    await this.writing;
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.file.close();
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length) {
      const lines = this.waiting.join('');
      this.waiting = [];
      await this.file.appendFile(lines);
    }
    this.writing = undefined;
  }
}

/** Reads a log from its beginning; blank and torn lines are left out. */
export async function* readEvents<Event extends object>(path: string): AsyncGenerator<Event> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (!line) continue;
    try {
      yield JSON.parse(line) as Event;
    } catch {
      continue;
    }
  }
}
