import { type SystemTexts } from './system-texts.js';

export const es: SystemTexts = {
  optOutSubject: 'Ya no recibirá {{ values.what }}',
  optOutHeard: 'Usted pidió no recibir más {{ values.what }}. Está hecho y vale desde ahora.',
  optOutWhy: 'Este mensaje solo lo confirma. No tiene que hacer nada más.',
  emails: 'correos electrónicos',
  messages: 'mensajes',
  declinable: '{kind} que puede rechazar',
  about: '{kind} sobre «{purpose}»',
  signUpSubject: 'Por favor, confirme: {{ values.form }}',
  signUpAsk:
    'Alguien, probablemente usted, inscribió esta dirección en «{{ values.form }}». Si fue usted, confírmelo aquí:',
  signUpButton: 'Confirmar',
  signUpOtherwise:
    'El enlace sirve una sola vez, durante {{ values.hours }} horas. Si no fue usted, no haga nada: sin su confirmación no recibirá nada y la dirección se borrará.',
};
