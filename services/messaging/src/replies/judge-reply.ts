import { sentencesOf, type Sentence } from './clause.js';
import { ownWords } from './own-words.js';
import { CONDITION, english, LIMITS, POLITE, WIDER } from './phrases-of-english.js';
import { french } from './phrases-of-french.js';
import { german } from './phrases-of-german.js';
import { hindi } from './phrases-of-hindi.js';
import { hindiInLatin } from './phrases-of-hindi-in-latin.js';
import { spanish } from './phrases-of-spanish.js';
import { type Phrases } from './phrases.js';

/**
 * - `opt_out`: a no, of one of three reaches, and of the widest that was said:
 *   - `outreach`: the bare word ("STOP"), a list, advertising, the consent taken back. By mail, all that may be refused.
 *   - `mail`: "stop writing to me". By mail, whatever the purpose.
 *   - `everything`: "do not contact me". By no other way either.
 * - `doubt`: perhaps. Nobody writes until a person has decided.
 * - `answer`: anything else that people answer.
 */
export type Verdict = { says: 'opt_out'; reach: Reach } | { says: 'doubt' } | { says: 'answer' };

export type Reach = 'outreach' | 'mail' | 'everything';

/** All at once: people answer in another language than they were written to in, and in two. */
const LANGUAGES: readonly Phrases[] = [english, german, spanish, french, hindi, hindiInLatin];

type Sense = Reach | 'opposite' | 'doubt' | 'nothing';

/** The widest first. */
const REACHES: readonly Reach[] = ['everything', 'mail', 'outreach'];

/**
 * Reads an answer to a message by rules. No model: what silences somebody, or does not, must be the same tomorrow and
 * can be shown to whoever asks.
 * LAW: 47 CFR 64.1200(a)(10): revocation by any reasonable means; hence free text is read and not only a link heard.
 */
export function judgeReply({ subject, text }: { subject: string; text: string }): Verdict {
  const own = ownWords(text);
  // A subject of theirs counts, ours ("Re: …") does not.
  const said = isAnswering(subject) ? own : `${subject}\n${own}`;
  const senses = sentencesOf(said).flatMap(sensesOf);
  const has = (sense: Sense): boolean => senses.includes(sense);
  const reach = REACHES.find(has);
  if (reach === undefined) return { says: has('doubt') ? 'doubt' : 'answer' };
  // "Stop", and "do not stop": one of them is not meant.
  return has('opposite') ? { says: 'doubt' } : { says: 'opt_out', reach };
}

/** SPEC: RFC 5322, 3.6.5: "Re: ", and what programs of other languages put there. */
function isAnswering(subject: string): boolean {
  return /^\s*(?:re|aw|antw|sv|rv|res|tr|wg|fwd?|fw|ref|rif|odp|उत्तर|प्रति)\s?(?:\[\d+\])?\s?[:：]/iu.test(
    subject,
  );
}

function sensesOf(sentence: Sentence): Sense[] {
  const opposite = anyIn('opposite', sentence.whole);
  return sentence.clauses.map((clause) => {
    const sense = senseOf(clause, sentence);
    // "Do not, under any circumstances, stop": the commas have torn apart what belongs together.
    return opposite && isReach(sense) ? 'doubt' : sense;
  });
}

function senseOf(clause: string, { whole, asks }: Sentence): Sense {
  const conditional = CONDITION.test(clause) || CONDITION.test(whole);
  if (anyIn('opposite', clause)) return conditional || asks ? 'doubt' : 'opposite';
  const end = certainIn(clause);
  if (end !== undefined) {
    const limited = LIMITS.test(whole.slice(Math.max(0, whole.indexOf(clause)) + end));
    const wondering = asks && !POLITE.test(whole) && !POLITE.test(clause);
    if (conditional || limited || wondering) return 'doubt';
    return reachOf(clause, whole);
  }
  return anyIn('doubtful', clause) ? 'doubt' : 'nothing';
}

/** Of a clause that says no. Only where nothing wider is named beside it is it less than a no to all mail. */
function reachOf(clause: string, whole: string): Reach {
  if (anyIn('everything', clause)) return 'everything';
  return anyIn('refusable', clause) && !WIDER.test(whole) ? 'outreach' : 'mail';
}

function isReach(sense: Sense): sense is Reach {
  return REACHES.some((reach) => reach === sense);
}

function anyIn(kind: keyof Phrases, text: string): boolean {
  return LANGUAGES.some((phrases) => phrases[kind].some((phrase) => phrase.test(text)));
}

/** Where the first phrase that leaves no doubt ends. */
function certainIn(clause: string): number | undefined {
  for (const { certain } of LANGUAGES) {
    for (const phrase of certain) {
      const found = phrase.exec(clause);
      if (found) return found.index + found[0].length;
    }
  }
  return undefined;
}
