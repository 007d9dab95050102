import { type Phrases } from './phrases.js';

const MAIL =
  '(?:emails?|mails?|messages?|newsletters?|spam|spams|letters?|mailings?|ads?|adverts?|advertis\\w+|promotions?|offers?|communications?|correspondence|junk|stuff|crap)';
const WRITING =
  '(?:writing|sending|mailing|emailing|messaging|contacting|bothering|spamming|harassing|pestering|soliciting|sending out)';
const WRITE = '(?:write|send|mail|email|message|contact|bother|spam|harass|pester|solicit)';

/** The word, and nothing that would say more or less. */
const BARE =
  /^(?:please |pls |plz |kindly |just |hi |hello |ok |okay |so )*(?:stop|stopp|stop all|stopall|unsubscribe|unsub|unsuscribe|unsubcribe|opt out|optout|remove me|remove|quit|end|cancel|revoke|take me off)(?: please| pls| plz| now| immediately| it| this| me| all| thanks| thank you| thx| asap| already)*$/;

export const english: Phrases = {
  certain: [
    BARE,
    /\b(?:please|pls|kindly|just) (?:unsubscribe|opt (?:me|us) out|remove (?:me|us))\b/,
    /\bunsubscribe (?:me|us|my|this (?:email|address)|from)\b/,
    /\bopt (?:me|us) out\b|\bi (?:hereby )?(?:opt out|am opting out|unsubscribe)\b/,
    /\b(?:want|wish|would like|need|ask|request|demand|prefer|asking) to (?:unsubscribe|opt out|be (?:unsubscribed|removed|opted out|taken off))\b/,
    new RegExp(`\\b(?:stop|cease|quit)(?: immediately| now)? (?:all )?${WRITING}\\b`),
    new RegExp(
      `\\b(?:stop|cease|end) (?:all |with )?(?:of )?(?:these |this |those |your |the |any |further |such |more ){0,2}${MAIL}\\b`,
    ),
    new RegExp(
      `\\b(?:do not|never|not to|must not|may not) (?:ever |please |again )?${WRITE}(?: to)? (?:me|us|this address)\\b`,
    ),
    new RegExp(
      `\\b(?:do not|never) (?:ever |please )?${WRITE} (?:any |any more |anymore |more |further |such |these |those |your |this ){1,2}${MAIL}\\b`,
    ),
    new RegExp(`^(?:please |pls )?no (?:more|further) (?:of )?(?:these |your |such )?${MAIL}\\b`),
    new RegExp(
      `\\b(?:do not|no longer) (?:want|wish|need|care)(?: for)? (?:any |any more |more |your |these |those |this |further |such ){1,2}${MAIL}\\b`,
    ),
    /\b(?:do not|no longer) (?:want|wish|care|agree|consent|need) to (?:receive|get|hear|be (?:contacted|emailed|mailed|written|on|messaged))\b/,
    /\b(?:take|remove|delete|strike|drop|get|scratch) (?:me|us|my (?:name|email|address|email address|contact|details|data)|this (?:email|address)) (?:off|from|out of)\b/,
    /\bleave (?:me|us) (?:alone|in peace)\b/,
    /\b(?:withdraw|revoke) (?:my )?(?:consent|permission)\b/,
    /\b(?:do not|never) (?:want|wish) (?:anything|any more|to hear)(?: \w+)? from you\b/,
    /\bstop (?:it|this|that)(?: now| please| at once| immediately| already)?$/,
  ],
  everything: [
    /\b(?:do not|never|stop|cease)(?: \w+){0,2} contact(?:ing)? (?:me|us)\b/,
    /\bleave (?:me|us) (?:alone|in peace)\b/,
    /\b(?:all|any|every) (?:of )?(?:your )?(?:lists?|databases?|contact|communications?|channels?)\b/,
    /\bin any (?:way|form)\b|\bby any means\b/,
  ],
  refusable: [
    BARE,
    /\b(?:unsubscribe|opt(?:ing)? (?:me |us )?out|unsubscribed|opted out)\b/,
    /\b(?:newsletters?|mailing lists?|(?:this|your|the|that) list|ads?|adverts?|advertis\w+|promotions?|promotional|marketing|offers?)\b/,
    /\b(?:withdraw|revoke) (?:my )?(?:consent|permission)\b/,
  ],
  opposite: [
    /\b(?:do not|never|not|cannot|please not)(?: \w+){0,2} (?:stop|unsubscribe|remove me|opt|take me off|delete me|cease|quit)\b/,
    /\bnot (?:want|wish|intend|mean|meant|like|going) to (?:stop|unsubscribe|opt out|be (?:removed|unsubscribed|taken off))\b/,
    /\bkeep (?:on )?(?:sending|writing|them coming|it coming|emailing|mailing|me (?:on|posted|informed|updated))\b/,
    /\b(?:resubscribe|subscribe me (?:again|back)|sign me up (?:again)?)\b/,
    /\b(?:did|have|has) (?:not )?(?:unsubscribe|unsubscribed|stopped)\b.*\b(?:by accident|by mistake|accidentally)\b/,
  ],
  doubtful: [
    /(?<!\b(?:bus|one|full|non|train|pit|next|last|first) )\bstop(?:s|ped|ping)?\b(?! by\b)(?! over\b)/,
    /\bunsub\w*\b|\bopt(?:ed|ing)? out\b|\bremov\w+\b|\bmailing list\b/,
    /\bspam\w*\b|\bjunk\b|\bunwanted\b|\bunsolicited\b|\bharass\w*\b|\bannoy\w*\b|\bfed up\b/,
    /\bgdpr\b|\blawyers?\b|\battorneys?\b|\blegal action\b|\bsue\b|\bcomplain\w*\b|\breport you\b|\bprivacy\b/,
    /\bnot interested\b|\bno interest\b|\bno thanks\b|\bno thank you\b|\bnot for me\b|\bgo away\b|\bget lost\b/,
    /\bwrong (?:person|address|number|email)\b|\bnot (?:the|that) person\b|\bno longer works? here\b|\bdeceased\b|\bpassed away\b/,
    /\b(?:delete|erase)\b.*\b(?:me|my|data|account|details|information)\b/,
    /\bwho gave you\b|\b(?:where|how) did you get\b|\bnever (?:signed|subscribed|agreed|asked)\b|\bdid not (?:sign|subscribe|agree|ask|consent)\b/,
    /\b(?:do not|never)\b.*\b(?:call|text|ring|phone|visit|contact|write|email|mail|send)\b.*\b(?:me|us|anymore|any more|again)\b/,
    /\benough (?:is enough|already|now)\b|\bthat is enough\b|\btoo many (?:emails|mails|messages)\b/,
  ],
};

/** A limit in time or kind: "not before Monday", "not so often". Whoever says it has not said "never". */
export const LIMITS =
  /\b(?:before|until|till|today|tomorrow|tonight|this (?:week|morning|month|evening)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|between|at work|at night|during|so often|that often|too often|so many|except|only|but|unless|instead|vor|bis|heute|morgen|ausser|aber|nur|statt|sondern|antes|hasta|hoy|manana|excepto|pero|solo|salvo|avant|jusqu\w*|aujourd'hui|demain|sauf|mais|seulement|lekin|magar|kal)\b|लेकिन|मगर|आज|कल|तक|केवल|सिर्फ/u;

/**
 * Words that make a no wider than the list or the advertising that it names: any mail, any writing, anything at all.
 * Whoever means less may say so in less; in doubt nobody writes.
 */
export const WIDER =
  /\b(?:all|stopall|any|anything|nothing|every\w*|ever|never|emails?|mails?|messages?|letters?|communications?|correspondence|write|writing|hear|contact\w*|keine?rlei|nichts|nie|niemals|alle[nrs]?|nachricht(?:en)?|post|zuschriften|zusendungen|schreib\w*|anschreib\w*|kontakt\w*|correos?|mensajes?|cartas?|comunicaciones|nada|nunca|jamas|todos?|todas?|ningun\w*|escrib\w*|courriels?|courriers?|lettres?|sollicitations?|rien|jamais|tous|toutes?|ecri\w*|msgs?|sms|sandesh|kuch|kabhi|likh\w*|sampark)\b|ईमेल|इमेल|ई मेल|मेल|मैसेज|मेसेज|संदेश|सन्देश|पत्र|कुछ|कभी|लिख|संपर्क|सम्पर्क/u;

/** "Can you stop …?" asks nothing. */
export const POLITE =
  /^(?:please |hi |hello |and |so )*(?:can|could|would|will) you\b|^(?:bitte )?(?:konnen|konnten|wurden|kannst|konntest) (?:sie|du)\b|^(?:por favor )?(?:pueden?|podrian?|puedes|podrias)\b|^(?:pouvez|pourriez|peux|pourrais) (?:vous|tu)\b|^kya aap\b|^क्या आप/u;

export const CONDITION = /^(?:if|when|unless|wenn|falls|sollten?|si|cuando|quand|agar|jab|अगर|यदि|जब)(?=\s)/u;
