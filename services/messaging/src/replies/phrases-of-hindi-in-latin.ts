import { type Phrases } from './phrases.js';

const MAIL = '(?:emails?|mails?|messages?|msgs?|sms|newsletters?|sandesh|ads?|spam)';
const DO =
  '(?:karo|karein|karen|kare|kariye|karie|kijiye|kijie|kar do|kar de|kar dein|kar den|kar dijiye|kar dijie|kardo|kardijiye|krdo|kr do|krein|kro|karna)';
const NOT = '(?:mat|na|nahi|nahin|nai|kabhi mat)';
const STOP = '(?:band|bandh|bnd)';

/** The word, and nothing that would say more or less. */
const BARE = new RegExp(
  `^(?:please |pls |plz |kripya |kripaya |bhai |yaar |ye |yeh |sab |bas |ab )*(?:${STOP} ${DO}|roko|rok do|unsubscribe ${DO}|hatao|hata do)(?: please| pls| plz| yaar| bhai| ye| yeh| sab| abhi| turant)*$`,
);

/** As people type Hindi on a Latin keyboard: no spelling is the right one. */
export const hindiInLatin: Phrases = {
  certain: [
    BARE,
    new RegExp(
      `\\b(?:likhna|likna|bhejna|bejna|mail karna|email karna|message karna|msg karna|contact karna|sampark karna|pareshan karna|tang karna|${MAIL})(?: \\w+){0,2} ${STOP} ${DO}\\b`,
    ),
    new RegExp(
      `\\b(?:mujhe|muje|mujhko|mujko|hame|hamein|humein|hume)(?: \\w+){0,6} ${NOT} (?:bhej\\w*|bej\\w*|likh\\w*)\\b`,
    ),
    new RegExp(
      `\\b(?:mujhe|muje|mujhko|hame|hamein|humein)(?: \\w+){0,5} ${MAIL}(?: \\w+){0,2} ${NOT} (?:kar\\w*|kr\\w*|bhej\\w*|chahiye|chahie)\\b`,
    ),
    new RegExp(`\\b${MAIL}(?: \\w+){0,2} (?:nahi|nahin|nai) (?:chahiye|chahie|chaiye)\\b`),
    new RegExp(
      `^(?:please |pls |kripya |ab |aage se |dobara )*${MAIL}(?: \\w+){0,2} (?:mat|na) (?:bhej\\w*|kar\\w*|likh\\w*)(?: please| pls)?$`,
    ),
    /\b(?:list|soochi|suchi) (?:se|me se) (?:\w+ )?(?:hata|nikal)\w*|\b(?:mera|mujhe)(?: \w+){0,4} (?:hata do|hata dein|hata den|hata dijiye|hatao|hataiye|hataein|nikal do|nikal dijiye)\b/,
    new RegExp(`\\b(?:mujhse|mujse|humse|hamse)(?: \\w+){0,4} (?:contact|sampark|baat) (?:mat|na) k\\w*`),
    new RegExp(`\\bunsubscribe ${DO}|\\bmujhe unsubscribe\\b`),
    /\bmujhe (?:akela|akele) chhod\w*|\bpareshan (?:mat|na) k\w*/,
  ],
  everything: [/\b(?:mujhse|mujse|humse|hamse)\b/, /\b(?:akela|akele)\b/, /\bkisi bhi (?:tarah|tarike)\b/],
  refusable: [BARE, /\bunsubscribe\b/, /\b(?:list|soochi|suchi|newsletters?|ads?)\b/],
  opposite: [
    new RegExp(
      `\\b${STOP} (?:mat|na|nahi|nahin) k\\w*|\\b(?:mat|na) (?:roko|rokna|rokiye|hatao|hatana|hataiye|nikal\\w*)\\b|\\b(?:hatana|rokna) (?:mat|nahi)\\b`,
    ),
    /\b(?:bhejte|likhte|karte) (?:rah\w*|rehna|raho|rahiye)\b/,
    /\bunsubscribe (?:mat|na|nahi|nahin) k\w*/,
    /\b(?:nahi|nahin) (?:mila|mili|mile|aaya|aya|aayi)\b/,
  ],
  doubtful: [
    new RegExp(`\\b${STOP} k\\w*|\\bhata(?:o|na| do)\\b`),
    /\bshikayat\b|\bpareshan\b|\bvakil\b|\bpolice\b/,
    /\b(?:nahi|nahin|nai) (?:chahiye|chahie|chaiye)\b|\binterest(?:ed)? (?:nahi|nahin)\b|\bgalat (?:number|aadmi|address|insaan)\b/,
    /\b(?:mat|na) (?:bhej\w*|likh\w*|karo|kijiye|karein)\b/,
  ],
};
