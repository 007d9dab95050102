import { type Phrases } from './phrases.js';

const MAIL =
  '(?:correos?|emails?|mails?|mensajes?|publicidad|propaganda|spam|boletin(?:es)?|newsletters?|ofertas?|promociones|comunicaciones|cartas?|informacion|notificaciones)';
const WRITE =
  '(?:escrib\\w*|envi\\w*|mand\\w*|contact\\w*|molest\\w*|spame\\w*|llen\\w*|acos\\w*|insist\\w*|comunic\\w*)';

/** The word, and nothing that would say more or less. */
const BARE =
  /^(?:por favor |hola |ya |solicito |la |mi )*(?:baja|darme de baja|dar de baja|de baja|darse de baja|stop|alto|basta|basta ya|paren?|parad|cancelar (?:la |mi )?suscripcion|desuscribir(?:me)?|desuscripcion|anular (?:la |mi )?suscripcion|eliminarme|quitarme|borrarme|no mas)(?: por favor| porfa| gracias| ya| inmediatamente)*$/;

export const spanish: Phrases = {
  certain: [
    BARE,
    /\b(?:denme|deme|dame|dadme|den me|darme|darnos|den|dar|dad)(?: por favor)?(?: ya)? de baja\b/,
    /\b(?:quiero|quisiera|deseo|solicito|pido|exijo|ruego|necesito)(?: \w+){0,4} (?:baja|desuscri\w*|dejar de recibir|cancelar (?:la |mi )?suscripcion|que me (?:borren|eliminen|quiten|saquen))\b/,
    new RegExp(
      `\\b(?:dejen|deje|deja|dejad|paren|pare|para|parad|basta|cesen|cese)(?: ya| por favor| inmediatamente| todos){0,2} de ${WRITE}`,
    ),
    new RegExp(`\\bno (?:me |nos )(?:vuelvan?|vuelvas) a ${WRITE}`),
    new RegExp(`\\bno (?:vuelvan?|vuelvas) a (?:${WRITE})`),
    new RegExp(
      `\\bno (?:me|nos) ${WRITE}(?: por favor)?(?: (?:mas|nunca|jamas|otra vez|nada|ningun|ninguna|${MAIL})\\b|$)`,
    ),
    new RegExp(`\\bno (?:me|nos) ${WRITE}(?: \\w+){0,3} (?:${MAIL}|nunca mas|jamas)\\b`),
    new RegExp(`\\bno (?:quiero|deseo|quisiera|queremos|necesito)(?: seguir)?(?: recib\\w*)(?: \\w+){0,3}`),
    new RegExp(`\\bno (?:quiero|deseo|queremos) (?:mas |sus |estos |esos |ningun |ninguna )+${MAIL}`),
    new RegExp(`\\bno (?:quiero|deseo|queremos) que (?:me|nos) (?:vuelvan? a )?${WRITE}`),
    new RegExp(
      `^(?:por favor )?(?:no|ni) (?:mas|un|una|ningun) (?:mas )?${MAIL}(?: mas)?(?: por favor| gracias)?$`,
    ),
    /\b(?:eliminen?|borren?|quiten?|saquen?|retiren?|remuevan?|elimina|borra|quita|saca)(?:me|nos)\b(?: \w+){0,4} (?:lista|listas|base|bases|listado|registro|datos|contactos)\b/,
    /\b(?:eliminar|borrar|quitar|sacar|retirar|eliminen|borren|quiten|saquen|retiren)(?:me)?(?: \w+){0,4} de (?:la|las|su|sus|tu|tus|esta|vuestra) (?:lista|listas|base|bases|listado|registro)\b/,
    /\b(?:dejenme|dejeme|dejame|dejadme) en paz\b/,
    /\bretir\w* (?:mi )?consentimiento\b|\brevoc\w* (?:mi )?(?:consentimiento|autorizacion)\b|\bme opongo al? \w+/,
    /\bdesuscriban?me\b|\bdesuscribeme\b|\bcancelen (?:mi )?suscripcion\b/,
  ],
  everything: [
    /\ben paz\b/,
    /\bcontact\w*\b/,
    /\bpor ningun (?:medio|canal)\b/,
    /\btodas? (?:sus|las|tus) (?:listas?|bases?)\b/,
  ],
  refusable: [
    BARE,
    /\bde baja\b|\bla baja\b|\bdesuscri\w*|\bsuscripcion\b/,
    /\b(?:listas?|listado|publicidad|propaganda|boletin(?:es)?|newsletters?|ofertas?|promociones)\b/,
    /\bconsentimiento\b|\bautorizacion\b/,
  ],
  opposite: [
    /\bno (?:dejen|deje|dejes|dejeis|paren|pare|pares|cesen|cancelen|cancele)\b/,
    /\bno (?:me |nos )(?:den|de|des|deis) de baja\b|\bno (?:me |nos )?(?:quiten|borren|eliminen|saquen|desuscriban)\b/,
    /\bno (?:quiero|deseo|quisiera|pienso) (?:darme de baja|dejar de|que dejen|que paren|la baja|cancelar|desuscri\w*)/,
    /\bsig(?:an|a|ue|ues|uid) (?:enviando|escribiendo|mandando|informando)\w*/,
    /\bno (?:me |nos )?(?:ha|han|he|hemos) (?:enviado|escrito|mandado|recibido|llegado)\b/,
  ],
  doubtful: [
    /\bbaja\b|\bdesuscri\w*|\bsuscripcion\b/,
    /\bspam\b|\bcorreo (?:no deseado|basura)\b|\bno (?:deseado|solicitado)s?\b|\bmolest\w*|\bacos\w*|\bhart[oa]s?\b/,
    /\bno (?:me|nos) interesa\w*|\bno estoy interesad\w*|\bno gracias\b|\bbasta\b|\bno (?:me|nos) sirve\b/,
    /\babogad\w*|\bdenunci\w*|\bproteccion de datos\b|\brgpd\b|\blopd\b|\bhabeas data\b|\bquej\w*/,
    /\b(?:borr\w*|elimin\w*|supri\w*)\b.*\b(?:datos|correo|direccion|cuenta|mi|mis)\b/,
    /\bdejen? de\b|\bdejad de\b|\bno mas\b|\bnunca mas\b|\bdemasiados (?:correos|emails|mensajes)\b/,
    /\bquien les dio\b|\bde donde (?:sacaron|tienen)\b|\bnunca me (?:suscribi|registre)\b|\b(?:persona|direccion) equivocada\b|\bfalleci\w*/,
    new RegExp(`\\bno (?:me|nos) ${WRITE}`),
  ],
};
