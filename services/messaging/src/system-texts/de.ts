import { type SystemTexts } from './system-texts.js';

export const de: SystemTexts = {
  optOutSubject: 'Sie erhalten keine {{ values.what }} mehr',
  optOutHeard: 'Sie möchten keine {{ values.what }} mehr erhalten. Das ist erledigt und gilt ab jetzt.',
  optOutWhy: 'Diese Nachricht bestätigt das nur. Sie brauchen nichts weiter zu tun.',
  emails: 'E-Mails',
  messages: 'Nachrichten',
  declinable: '{kind}, die Sie ablehnen können',
  about: '{kind} zu „{purpose}“',
  signUpSubject: 'Bitte bestätigen Sie: {{ values.form }}',
  signUpAsk:
    'Jemand, wahrscheinlich Sie selbst, hat diese Adresse für „{{ values.form }}“ angemeldet. Wenn Sie das waren, bestätigen Sie es hier:',
  signUpButton: 'Bestätigen',
  signUpOtherwise:
    'Der Link gilt einmal und {{ values.hours }} Stunden lang. Wenn Sie es nicht waren, tun Sie nichts: Ohne Ihre Bestätigung erhalten Sie nichts, und die Adresse wird gelöscht.',
};
