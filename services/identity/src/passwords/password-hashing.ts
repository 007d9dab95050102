import { Algorithm, hash, verify } from '@node-rs/argon2';
import { refusal } from '../errors.js';
import { normalised } from './password.js';

/** SPEC: OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = {
  algorithm: Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const;

// A verification takes some 30 ms of a core and 19 MiB. Four at once use the pool of libuv; a queue that never ends
// would let a flood of sign-ins take the memory and the time of everything else.
const AT_ONCE = 4;
const MOST_WAITING = 64;

export type PasswordCheck = (storedHash: string | undefined, password: string) => Promise<boolean>;

/** Passwords to hashes and back, in few places at once. */
export class PasswordHashing {
  private busy = 0;
  private readonly waiting: (() => void)[] = [];
  private nobody: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalised(password), PARAMETERS));
  }

  /**
   * Runs `work` in turn, with a check that takes the same time whether there is a hash to compare with or not: an
   * account that does not exist cannot be told from a wrong password by the clock. What `work` reads about the account
   * it reads within its turn, so that no queue of guesses goes by a counter read before it stood in line.
   */
  checking<T>(work: (check: PasswordCheck) => Promise<T>): Promise<T> {
    return this.inTurn(() =>
      work(async (storedHash, password) => {
        const against = storedHash ?? (await this.hashOfNobody());
        return (await verify(against, normalised(password))) && storedHash !== undefined;
      }),
    );
  }

  private hashOfNobody(): Promise<string> {
    this.nobody ??= hash('the password of nobody', PARAMETERS);
    return this.nobody;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= AT_ONCE) {
      if (this.waiting.length >= MOST_WAITING) throw refusal('SIGN_IN_BUSY');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.busy += 1;
    }
    try {
      return await work();
    } finally {
      // The turn is handed on, not given back and taken again: nobody slips in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.busy -= 1;
    }
  }
}
