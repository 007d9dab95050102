/** What must hold. A failure is noted and the story goes on, so that one run tells all that is wrong. */
export class Expectations {
  readonly failures: string[] = [];

  that(holds: boolean, otherwise: string): void {
    if (!holds) this.failures.push(otherwise);
  }

  equal(what: string, actual: unknown, expected: unknown): void {
    this.that(Object.is(actual, expected), `${what}: ${String(actual)}, expected ${String(expected)}`);
  }
}
