/**
 * What people say who want no calls, in English, as a recogniser looks for it: `(a | b)` one of them, `[a]` perhaps. The
 * kinds are those of the rules that read mail (phrases-of-english.ts of messaging): certain there and certain here.
 */
const ME = '(me | us | here | this number | my number | this phone)';
const CALLS = '(calls | phone calls)';
const LIST = '[call | calling | phone | do not call] (list | lists | database)';

const NO = [
  `(stop | quit) (calling | phoning | ringing | contacting | bothering) [${ME}]`,
  `stop [all | these | your | the | any] ${CALLS}`,
  `(do not | don't | never) [ever] (call | phone | ring | contact | bother) ${ME}`,
  `(do not | don't | never) [ever] (call | phone | ring) (again | anymore | any more)`,
  `(take | remove | delete | get) (me | us | my name | this number | my number) (off | from) [your | the | this | that | any] ${LIST}`,
  `(remove | delete) (me | us | this number | my number | my name)`,
  `take (me | us | this number | my number) off`,
  `put (me | us | this number | my number) on [your | the] do not call list`,
  `(i | we) (do not | don't) (want | wish) [to (get | receive | have)] (any | any more | more | your | these) ${CALLS} [from you]`,
  `(i | we) (do not | don't) (want | wish) to be called`,
  `(opt | opting) [me | us] out`,
  `unsubscribe [me | us]`,
  `leave (me | us) alone`,
  `no more [of (these | your)] ${CALLS}`,
];

/** Said before and after it, and changing nothing. */
const BEFORE =
  '(please | hello | hi | just | okay | well | now | and | i said | i want to | i would like to | would you | could you | can you | you)';
const AFTER =
  '(please | now | again | anymore | any more | ever | ever again | at once | immediately | thank you | thanks | goodbye | bye)';

/** The bare word is a no where nothing else was said. */
const ALONE = '[please] stop [it | now | please]';

/** May be a no, or may not: a person decides, and nobody calls meanwhile. */
const DOUBTFUL = [
  'stop',
  'not interested',
  'no interest',
  'wrong number',
  'wrong person',
  'go away',
  'get lost',
  'do not call',
  "don't call",
  'fed up',
  'my lawyer',
  'complain',
  'i never agreed',
  'who gave you',
  'where did you get',
];

/** What else people say, so that a recogniser need not take it for one of these. */
const OTHER =
  'yes | yeah | no | okay | i | am | you | are | it | is | that | this | what | who | how | when | where | why | can | could | would | will | like | want | need | have | has | had | do | did | to | the | a | an | of | in | on | at | for | with | about | from | and | or | but | not | so | if | my | me | your | we | us | they | he | she | them | good | morning | evening | day | night | hello | thank | thanks | sorry | please | speaking | moment | minute | wait | hold | one | two | three | four | five | six | seven | eight | nine | ten | tomorrow | today | week | next | back | again | later | call | called | calling | phone | number | home | house | office | work | money | price | prices | cost | buy | pay | order | send | email | letter | offer | tell | more | much | many | some | any | know | think | see | say | said | hear | understand | right | wrong | sure | fine | great | sounds | interested | interesting | very | really | well | now | then | here | there | time | year | old | new | name | mother | father | husband | wife | bus | train | list | goodbye | bye | get | got | glasses | let | look | come | going | go | be | been | was | were';

export type Sense = 'no' | 'doubt' | 'nothing';

/** Words of a recogniser in a grammar of its own (JSGF): a no as a whole, or anything at all. */
export function grammarOfNo(): string {
  return [
    '#JSGF V1.0;',
    'grammar heard;',
    `<before> = ${BEFORE};`,
    `<after> = ${AFTER};`,
    `<no> = ${NO.map((phrase) => `(${phrase})`).join(' | ')};`,
    `<other> = ${DOUBTFUL.map((phrase) => `(${phrase})`).join(' | ')} | ${OTHER};`,
    `public <heard> = ([<before>] [<before>] <no> [<after>] [<after>]) | (${ALONE}) | (<other>+);`,
    '',
  ].join('\n');
}

/** What an utterance means, as far as it was understood. A no in the midst of other words is a doubt. */
export function senseOf(words: string): Sense {
  const said = `${words.trim()} `;
  if (WHOLE.test(said) || BARE.test(said)) return 'no';
  return WITHIN.test(said) || PERHAPS.test(said) ? 'doubt' : 'nothing';
}

const anyOf = (phrases: readonly string[]): string =>
  phrases.map((phrase) => `(?:${patternOf(phrase)})`).join('|');
const WHOLE = new RegExp(`^(?:${patternOf(BEFORE)}){0,2}(?:${anyOf(NO)})(?:${patternOf(AFTER)}){0,2}$`);
const BARE = new RegExp(`^(?:${patternOf(ALONE)})$`);
const WITHIN = new RegExp(`(?:^|\\s)(?:${anyOf(NO)})`);
/** A bus stops, too. */
const PERHAPS = new RegExp(`(?:^|\\s)(?<!\\b(?:bus|train|next|one|last|first) )(?:${anyOf(DOUBTFUL)})`);

/** The same phrase as a regular expression of words that end in a space each. */
function patternOf(phrase: string): string {
  return Array.from(phrase.matchAll(/[()[\]|]|[^\s()[\]|]+/g), ([part]) => {
    if (part === '(' || part === '[') return '(?:';
    if (part === ']') return ')?';
    return part === ')' || part === '|' ? part : `${part} `;
  }).join('');
}
