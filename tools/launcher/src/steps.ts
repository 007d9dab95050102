import { type Say } from './parts/part.js';

/** What a human sees: one line a step, with the time it took. */
export class Steps {
  private hushed = false;

  constructor(private readonly write: Say = (line) => console.log(line)) {}

  /** Runs a step and says how it went; `tell` words the outcome. */
  async run<T>(name: string, work: () => Promise<T> | T, tell: (result: T) => string = () => ''): Promise<T> {
    const begun = performance.now();
    try {
      const result = await work();
      this.line('✓', name, tell(result), performance.now() - begun);
      return result;
    } catch (error) {
      this.line('✗', name, (error as Error).message, performance.now() - begun);
      throw error;
    }
  }

  /** Something to know that is no step of its own. */
  readonly say: Say = (text) => {
    if (!this.hushed) this.write(`    ${text}`);
  };

  warn(text: string): void {
    this.write(`  ! ${text}`);
  }

  /** Whoever pressed Ctrl-C knows why the steps under way fail: from now on only `stopped` is told. */
  hush(): void {
    this.hushed = true;
  }

  heading(text: string): void {
    this.write(`\n${text}`);
  }

  private line(mark: string, name: string, text: string, ms: number): void {
    if (this.hushed && name !== 'stopped') return;
    this.write(`  ${mark} ${name.padEnd(12)}${duration(ms).padStart(8)}  ${text}`.trimEnd());
  }
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 100_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
