import { type SystemTexts } from './system-texts.js';

export const fr: SystemTexts = {
  optOutSubject: 'Vous ne recevrez plus : {{ values.what }}',
  optOutHeard: 'Vous ne souhaitez plus recevoir : {{ values.what }}. C’est fait, dès maintenant.',
  optOutWhy: 'Ce message ne fait que le confirmer. Vous n’avez rien à faire.',
  emails: 'e-mails',
  messages: 'messages',
  declinable: '{kind} que vous pouvez refuser',
  about: '{kind} au sujet de « {purpose} »',
  signUpSubject: 'Merci de confirmer : {{ values.form }}',
  signUpAsk:
    'Quelqu’un, sans doute vous, a inscrit cette adresse à « {{ values.form }} ». Si c’était vous, confirmez-le ici :',
  signUpButton: 'Confirmer',
  signUpOtherwise:
    'Le lien sert une seule fois, pendant {{ values.hours }} heures. Si ce n’était pas vous, ne faites rien : sans votre confirmation vous ne recevrez rien, et l’adresse sera effacée.',
};
