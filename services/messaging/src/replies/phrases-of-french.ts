import { type Phrases } from './phrases.js';

const MAIL =
  '(?:emails?|mails?|courriels?|messages?|newsletters?|publicites?|pubs?|spams?|courriers?|lettres?|offres?|infolettres?|informations|communications?|sollicitations?)';
const PLEASE =
  "(?:veuillez|merci de|merci d'|priere de|pouvez vous|je (?:souhaite|veux|voudrais|desire|demande a|souhaiterais)|j'aimerais|svp|s'il vous plait)";

/** The word, and nothing that would say more or less. */
const BARE =
  /^(?:s'il vous plait |svp |merci de |merci |bonjour |veuillez )*(?:stop|desabonner|desabonnement|me desabonner|desabonnez moi|desinscription|desinscrire|me desinscrire|desinscrivez moi|arretez?|arretez ca|ca suffit|radiation)(?: svp| merci| s'il vous plait| immediatement)*$/;

export const french: Phrases = {
  certain: [
    BARE,
    /\b(?:desabonnez|desabonne|desinscrivez|desinscris|retirez|retire|supprimez|enlevez|enleve|rayez|radiez|effacez) (?:moi|nous|mon (?:email|mail|adresse|nom))\b/,
    new RegExp(
      `\\b${PLEASE}\\s?(?:bien )?(?:vouloir )?(?:me |nous |m'|etre )(?:desabonn\\w*|desinscri\\w*|retir\\w*|radi\\w*|supprim\\w*|enlev\\w*|ray\\w*|effac\\w*)`,
    ),
    /\bme (?:retirer|supprimer|enlever|rayer|radier) (?:de|du) (?:la |votre |vos |cette )?(?:liste|listes|base|fichier|fichiers|diffusion)\b/,
    new RegExp(
      `\\b(?:arretez|arrete|cessez|cesse|stoppez|stop|arreter|cesser)(?: immediatement| tout de suite| svp| s'il vous plait)? (?:de |d')(?:m'ecrire|m'envoyer|me contacter|m'importuner|me harceler|me spammer|me solliciter|nous ecrire|nous envoyer|nous contacter|m'embeter|me deranger|me relancer)`,
    ),
    new RegExp(
      `\\b(?:arretez|arrete|cessez|stoppez|stop|arreter|cesser)(?: immediatement| tout de suite| svp)?(?: avec| a)? (?:les|vos|ces|l'envoi|ce|tous|toute|toutes)(?: \\w+){0,2} ?(?:d'|de )?${MAIL}?`,
    ),
    /\bne (?:m'ecri\w+|m'envoy\w+|me contact\w+|me derang\w+|m'importun\w+|me sollicit\w+|nous ecri\w+|nous contact\w+|me relanc\w+)(?: surtout)? (?:plus|jamais|plus jamais)\b/,
    new RegExp(
      `\\bne (?:m'ecri\\w+|me contact\\w+|me derang\\w+|m'importun\\w+|me sollicit\\w+)(?: surtout)? pas$`,
    ),
    new RegExp(`\\bne (?:m'envoy\\w+|nous envoy\\w+) pas (?:de |vos |ces )?${MAIL}`),
    /\bplus (?:m'ecrire|m'envoyer|me contacter|me deranger|etre contact\w+|recevoir|en recevoir|rien recevoir)\b/,
    /\b(?:ne )?(?:souhaite|veux|desire|voulons|souhaitons) (?:plus|pas) (?:recevoir|etre contact\w+|etre sollicit\w+|de vos|vos|de ces|ces|que vous m')/,
    new RegExp(`^(?:merci )?plus (?:de|aucun|aucune) ${MAIL}(?: svp| merci| s'il vous plait)?$`),
    /\blaissez (?:moi|nous) (?:tranquille|en paix)\b|\b(?:fichez|foutez) moi la paix\b/,
    /\b(?:retire|revoque) mon consentement\b|\bje m'oppose (?:a|au)\b/,
  ],
  everything: [
    /\btranquille\b|\ben paix\b|\bla paix\b/,
    /\bcontact\w+\b/,
    /\bquelque (?:moyen|maniere|facon)\b/,
    /\btoutes? (?:vos|les) (?:listes?|bases?)\b/,
  ],
  refusable: [
    BARE,
    /\b(?:desabonn|desinscri)\w*/,
    /\b(?:listes?|diffusion|newsletters?|infolettres?|publicites?|pubs?|offres?|prospection|demarchage)\b/,
    /\bmon consentement\b/,
  ],
  opposite: [
    /\b(?:n'|ne )(?:arret\w*|cess\w*|stopp\w*)(?: \w+){0,2} (?:pas|jamais|surtout)\b/,
    /\bne (?:me |nous )?(?:desabonn\w*|desinscri\w*|retir\w*|supprim\w*|enlev\w*) (?:surtout )?(?:pas|jamais)\b/,
    /\bne (?:veux|souhaite|desire|compte) pas (?:me desabonner|me desinscrire|arreter|que vous (?:arret|cess)\w*|etre (?:desabonn|desinscri|retir)\w*)/,
    /\bcontinuez (?:a|de|d'|comme)/,
    /\bj'ai (?:pas|rien) recu\b|\bje n'ai (?:pas|plus|rien) recu\b/,
  ],
  doubtful: [
    /\bdesabonn\w*|\bdesinscri\w*|\barret\w*|\bcess(?:ez|er)\b/,
    /\bspam\w*|\bpourriels?\b|\bindesirables?\b|\bharcel\w*|\bderang\w*|\bmarre\b|\bras le bol\b/,
    /\brgpd\b|\bcnil\b|\bavocat\w*|\bplainte\b|\bsignal(?:er|erai)\b|\bdonnees personnelles\b/,
    /\bpas interesse\w*|\bne m'interesse pas\b|\bnon merci\b|\bca suffit\b/,
    /\b(?:supprim\w*|effac\w*)\b.*\b(?:donnees|compte|adresse|mon|mes)\b/,
    /\bd'ou (?:tenez|avez|sortez)\b|\bjamais (?:inscrit\w*|demande|abonn\w*)\b|\bmauvaise (?:personne|adresse)\b|\bdecede\w*/,
    /\bne (?:m'ecri\w+|m'envoy\w+|me contact\w+)\b|\btrop de (?:mails|emails|messages)\b/,
  ],
};
