/**
 * What people say, in one language, as data. Patterns see one clause at a time, as `clause.ts` leaves it: lower case,
 * no accents on Latin letters, `do not` for `don't`, no punctuation but the apostrophe.
 */
export interface Phrases {
  /** Said so, nobody can mean anything else. */
  certain: readonly RegExp[];
  /** Of these: not only these messages, but any contact. */
  everything: readonly RegExp[];
  /**
   * Of these: a no to what may be refused, and to no more. The bare word; a list or advertising by its name; the consent
   * taken back.
   */
  refusable: readonly RegExp[];
  /** The words of a no, said to mean the opposite. */
  opposite: readonly RegExp[];
  /** May be a no, or may not. A person decides, and nobody writes meanwhile. */
  doubtful: readonly RegExp[];
}
