/** A sentence as the patterns see it, and its clauses, which its commas divide. */
export interface Sentence {
  whole: string;
  clauses: string[];
  /** Ends in a question mark. */
  asks: boolean;
}

/** Sentences with one spelling of each thing. Linear in the length of the text. */
export function sentencesOf(text: string): Sentence[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[’‘`´ʼ]/g, "'")
    // The dot below a letter of Devanagari, which people leave out as often as not.
    .replaceAll('\u093c', '')
    // Addresses and links have dots that end no sentence, and words that are not the person's.
    .replaceAll(/\S+@\S+|https?:\/\/\S+|www\.\S+/g, ' ')
    .replaceAll('ß', 'ss');
  return Array.from(plain.matchAll(/([^.!?;\n।]+)([.!?;\n।]*)/gu), ([, body = '', end = '']) => ({
    whole: wordsOf(body),
    clauses: body
      .split(/[,:()"“”„«»]+| [-–—] /u)
      .map(wordsOf)
      .filter((clause) => clause !== ''),
    asks: end.includes('?'),
  })).filter(({ whole }) => whole !== '');
}

function wordsOf(text: string): string {
  return (
    withoutAccents(text)
      .replaceAll(/\be[ -]mail/g, 'email')
      // Hyphens and underscores join words; what is neither letter, mark, digit nor apostrophe is no word.
      .replaceAll(/[^\p{L}\p{M}\p{N}']+/gu, ' ')
      .replaceAll(/\b(?:don't|dont|do n't|do not|doesn't|don t)\b/g, 'do not')
      .replaceAll(/\b(?:can't|cant|cannot)\b/g, 'can not')
      .replaceAll(/\b(?:didn't|didnt)\b/g, 'did not')
      .replaceAll(/\b(?:i'd like|id like)\b/g, 'i would like')
      .replaceAll(/\bi'm\b/g, 'i am')
      .replaceAll(/(^|\s)'+|'+(?=\s|$)/g, '$1')
      .trim()
  );
}

/** Of Latin letters alone: in Devanagari the marks are the vowels. */
function withoutAccents(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/(?<=\p{Script=Latin}\p{M}*)[\u0300-\u036f]+/gu, '')
    .normalize('NFC');
}
