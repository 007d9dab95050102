import { type Phrases } from './phrases.js';

const MAIL =
  '(?:emails?|mails?|nachrichten|nachricht|newsletters?|newsletter|werbung|werbemails?|werbenachrichten|zusendungen|post|zuschriften|spam|spams|infos?|angebote)';
/** Verbs of writing as they end a sentence or follow "bitte". */
const WRITE =
  '(?:schreib\\w*|anschreib\\w*|schick\\w*|zuschick\\w*|zusend\\w*|send\\w*|sende\\w*|mail\\w*|anmail\\w*|kontaktier\\w*|belastig\\w*|behellig\\w*|zuspam\\w*|anschreib\\w*|zugesendet|zugeschickt)';

/** The word, and nothing that would say more or less. */
const BARE =
  /^(?:bitte |hallo |sofort |nur |ok )*(?:stopp?|abmelden|abmeldung|abbestellen|abbestellung|austragen|aufhoren|schluss(?: jetzt| damit)?|mich abmelden|newsletter abmelden|newsletter abbestellen)(?: bitte| danke| sofort| jetzt| mich| endlich)*$/;

export const german: Phrases = {
  certain: [
    BARE,
    /\b(?:meld\w*|trag\w*|nehm\w*|nimm|streich\w*|losch\w*|entfern\w*|bestell\w*)\b(?: sie| mich| uns| bitte| endlich| sofort| umgehend| hiermit){1,4}(?: \w+){0,6} (?:ab|aus|raus|heraus|verteiler|liste|verteilerliste|mailingliste)\b/,
    /\bmich(?: \w+){0,6} (?:abmelden|abzumelden|austragen|auszutragen|abgemeldet werden)\b/,
    new RegExp(
      `\\b(?:newsletter|abo|abonnement|${MAIL})(?: \\w+){0,3} (?:abbestellen|abmelden|abzubestellen|stoppen|einstellen|einzustellen|abbestellt)\\b`,
    ),
    /\b(?:bestelle|melde)(?: \w+){0,5} (?:newsletter|abo|mails?|emails?)(?: \w+){0,4} ab\b/,
    /\b(?:aus|von)(?: \w+){1,4} (?:verteiler|liste|verteilerliste|mailingliste|adressliste|kartei)(?: \w+){0,3} (?:nehmen|losch\w+|entfern\w+|streich\w+|austragen|raus\w*)\b/,
    /\b(?:horen|hort|hor|hore) (?:sie |bitte |endlich |sofort |doch |jetzt |damit |mir |uns ){0,4}auf\b/,
    /\b(?:stoppen|stoppt|stopp|unterlassen|unterlasst|beenden)(?: sie)?(?: bitte| sofort| endlich)?(?: diese| die| das| den| ihre| eure| weitere| jede| alle)(?: \w+){0,2}/,
    new RegExp(
      `\\b(?:schreib\\w*|schick\\w*|send\\w*|mail\\w*|kontaktier\\w*|belastig\\w*)(?: sie| ihr| mir| mich| uns| bitte| ab sofort| in zukunft| kunftig| zukunftig){1,5} (?:nicht|nie|niemals|keine|keinerlei|nichts)(?: \\w+){0,4}(?: mehr| wieder|${MAIL}|$)`,
    ),
    new RegExp(`\\b(?:nicht|nie|niemals|nichts) (?:mehr|wieder)(?: \\w+){0,4} (?:an|zu)?(?: )?${WRITE}\\b`),
    new RegExp(
      `^(?:bitte |ab sofort |hiermit )*(?:keine|keinerlei) (?:weitere[nr]? |solchen? |diese[rn]? |ihre[rn]? |eure[rn]? )?${MAIL}(?: von ihnen| von euch)?(?: mehr| bitte| senden| schicken| zusenden| zuschicken| danke| an mich| an diese adresse)*$`,
    ),
    new RegExp(
      `\\b(?:mochte|will|wunsche|wunschen|mochten|wollen|wolle)(?: \\w+){0,5} (?:keine|keinerlei|nicht|nichts)(?: \\w+){0,4} (?:mehr|erhalten|bekommen|zugesendet|zugeschickt|kontaktiert|angeschrieben|belastigt|${MAIL})\\b`,
    ),
    /\blass\w*(?: sie| ihr)?(?: mich| uns)(?: \w+){0,3} in (?:ruhe|frieden)\b/,
    /\bwiderruf\w*(?: \w+){0,5} (?:einwilligung|zustimmung|einverstandnis|erlaubnis)\b|\b(?:einwilligung|zustimmung)(?: \w+){0,4} widerruf\w*\b/,
    /\bwiderspr\w+(?: \w+){0,6} (?:werb\w*|direktwerbung|nutzung|verwendung|zusendung|verarbeitung|kontaktaufnahme)\b/,
  ],
  everything: [
    /\bin (?:ruhe|frieden)\b/,
    /\bkontaktier\w*\b|\bkontaktaufnahme\b|\bkeinerlei\b|\bin keiner (?:weise|form)\b|\bauf keinem weg\b/,
  ],
  refusable: [
    BARE,
    /\b(?:abmelden|abzumelden|abgemeldet|austragen|auszutragen)\b|\b(?:meld\w*|trag\w*)(?: \w+){0,8} (?:ab|aus)\b/,
    /\b(?:newsletters?|abo|abonnement|verteiler|verteilerliste|mailingliste|adressliste|liste|werbung|werbe\w*|direktwerbung|angebote)\b/,
    /\bwiderruf\w*|\b(?:einwilligung|zustimmung)\b/,
  ],
  opposite: [
    /\b(?:nicht|nie|niemals|bloss nicht|keinesfalls)(?: \w+){0,3} (?:auf(?:horen|zuhoren|hort)?|ab(?:melden|bestellen|zumelden|zubestellen)?|stoppen|austragen|einstellen|auszutragen|loschen|streichen)\b/,
    /\b(?:horen|hort|hor) (?:sie |bitte |bloss |ja |damit ){0,3}nicht\b/,
    /\b(?:weiter(?:hin)? (?:so|schreiben|schicken|senden|erhalten|bekommen|zusenden|informieren)|(?:schreib\w*|schick\w*|send\w*)(?: sie| mir| uns| bitte){1,3} (?:weiter|weiterhin|gerne|gern|mehr)\b(?! nicht))/,
    /\b(?:habe|hab|haben|hatte)(?: \w+){0,4} (?:keine|nichts|nicht)(?: \w+){0,5} (?:bekommen|erhalten|gehort|gekriegt)\b/,
    /\b(?:warum|wieso|weshalb)(?: \w+){0,6} (?:nicht|keine|nichts)\b/,
  ],
  doubtful: [
    /\bstopp(?:en|t|e)?\b|\baufhor\w*|\bhor\w*\b.*\bauf\b/,
    /\babmeld\w*|\babgemeldet\b|\babbestell\w*|\baustrag\w*|\bverteiler\b|\bmailingliste\b/,
    /\bspam\w*|\bunerwunscht\w*|\bbelastig\w*|\bnerv(?:t|en|ig|end|ige)\b|\bgenervt\b/,
    /\bdsgvo\b|\bdatenschutz\w*|\banwalt\w*|\brechtsanwalt\w*|\babmahn\w*|\banzeige erstatten\b|\bbeschwer\w*|\bverbraucherzentrale\b/,
    /\b(?:losch\w*|entfern\w*)\b.*\b(?:daten|adresse|konto|email|mich|mir)\b|\b(?:daten|adresse|konto|email|mich)\b.*\b(?:losch\w*|entfern\w*)\b/,
    /\bkein interesse\b|\bnicht interessiert\b|\bkein bedarf\b|\bnein danke\b|\bkundig\w*|\bwiderruf\w*|\bwiderspr\w*/,
    /\bwoher haben sie\b|\bnie (?:angemeldet|bestellt|zugestimmt|abonniert)\b|\bnicht (?:angemeldet|abonniert|zugestimmt)\b|\bfalsche (?:adresse|person|nummer)\b|\bverstorben\b/,
    /\b(?:nicht|nie|keine|nichts) (?:mehr|wieder)\b/,
    /\breicht(?: es)?(?: jetzt| mir)\b|\bes reicht\b|\bschluss\b|\bzu viele (?:emails|mails|nachrichten)\b/,
  ],
};
