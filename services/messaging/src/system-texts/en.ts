import { type SystemTexts } from './system-texts.js';

export const en: SystemTexts = {
  optOutSubject: 'You will get no more {{ values.what }}',
  optOutHeard: 'You asked for no more {{ values.what }}. It is done: it holds from now on.',
  optOutWhy: 'This message only says that you were heard. There is nothing that you have to do.',
  emails: 'emails',
  messages: 'messages',
  declinable: '{kind} that you may decline',
  about: '{kind} about "{purpose}"',
  signUpSubject: 'Please confirm: {{ values.form }}',
  signUpAsk:
    'Somebody, probably you, signed up with this address for “{{ values.form }}”. If it was you, confirm it here:',
  signUpButton: 'Confirm',
  signUpOtherwise:
    'The link works once, within {{ values.hours }} hours. If it was not you, do nothing: without your confirmation you will get nothing, and the address is forgotten.',
};
