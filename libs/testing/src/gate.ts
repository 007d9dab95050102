export interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** A door that code under test walks into and a spec holds shut, to act in the very window that it fears. */
export interface Gate {
  /** Called by the code under test: waits until the gate is open. */
  (): Promise<void>;
  /** Resolves when somebody stands at the gate. */
  readonly reached: Promise<void>;
  /** How many have come so far. */
  readonly arrivals: number;
  /** Lets everybody through, now and from now on. Call it in `finally`. */
  open(): void;
}

export function gate(): Gate {
  const door = deferred();
  const bell = deferred();
  let arrivals = 0;
  const pass = (): Promise<void> => {
    arrivals += 1;
    bell.resolve();
    return door.promise;
  };
  return Object.defineProperties(pass, {
    reached: { value: bell.promise },
    arrivals: { get: () => arrivals },
    open: { value: () => door.resolve() },
  }) as Gate;
}
