import { type Language } from './languages.js';

/** What the pages of sign-ups say. */
export interface SignUpWords {
  email: string;
  firstName: string;
  lastName: string;
  send: string;
  closed: string;
  lookTitle: string;
  look: string;
  confirmTitle: string;
  confirm: string;
  doneTitle: string;
  done: string;
}

export const SIGN_UP_WORDS: Readonly<Record<Language, SignUpWords>> = {
  en: {
    ...{ email: 'Email address', firstName: 'First name', lastName: 'Last name', send: 'Sign up' },
    closed: 'This form takes no sign-ups at the moment.',
    lookTitle: 'Look into your mail',
    look: 'If we can write to this address, a mail is on its way to it. Nothing happens until you confirm by its link.',
    confirmTitle: 'Is this you?',
    confirm: 'Yes, sign me up',
    doneTitle: 'Thank you',
    done: 'You are signed up. Every mail has a link by which you can leave.',
  },
  de: {
    ...{ email: 'E-Mail-Adresse', firstName: 'Vorname', lastName: 'Nachname', send: 'Anmelden' },
    closed: 'Über dieses Formular kann man sich zurzeit nicht anmelden.',
    lookTitle: 'Sehen Sie in Ihre E-Mails',
    look: 'Wenn wir an diese Adresse schreiben können, ist eine E-Mail unterwegs. Es geschieht nichts, bis Sie mit dem Link darin bestätigen.',
    confirmTitle: 'Sind Sie das?',
    confirm: 'Ja, melden Sie mich an',
    doneTitle: 'Danke',
    done: 'Sie sind angemeldet. In jeder E-Mail steht ein Link, mit dem Sie sich abmelden können.',
  },
  es: {
    ...{ email: 'Correo electrónico', firstName: 'Nombre', lastName: 'Apellidos', send: 'Suscribirse' },
    closed: 'Este formulario no acepta suscripciones por ahora.',
    lookTitle: 'Revise su correo',
    look: 'Si podemos escribir a esta dirección, hay un mensaje en camino. No ocurre nada hasta que usted confirme con su enlace.',
    confirmTitle: '¿Es usted?',
    confirm: 'Sí, quiero suscribirme',
    doneTitle: 'Gracias',
    done: 'Se ha suscrito. Cada mensaje tiene un enlace para darse de baja.',
  },
  fr: {
    ...{ email: 'Adresse e-mail', firstName: 'Prénom', lastName: 'Nom', send: 'S’inscrire' },
    closed: 'Ce formulaire ne prend pas d’inscriptions en ce moment.',
    lookTitle: 'Regardez vos e-mails',
    look: 'Si nous pouvons écrire à cette adresse, un message est en route. Rien ne se passe avant que vous ne confirmiez par son lien.',
    confirmTitle: 'Est-ce bien vous ?',
    confirm: 'Oui, je m’inscris',
    doneTitle: 'Merci',
    done: 'Vous êtes inscrit. Chaque message contient un lien pour se désinscrire.',
  },
  hi: {
    ...{ email: 'ईमेल पता', firstName: 'नाम', lastName: 'उपनाम', send: 'साइन अप करें' },
    closed: 'यह फ़ॉर्म अभी बंद है।',
    lookTitle: 'अपना ईमेल देखें',
    look: 'यदि हम इस पते पर लिख सकते हैं, तो एक ईमेल भेजा जा रहा है। जब तक आप उसके लिंक से पुष्टि नहीं करते, कुछ नहीं होगा।',
    confirmTitle: 'क्या यह आप हैं?',
    confirm: 'हाँ, मुझे जोड़ें',
    doneTitle: 'धन्यवाद',
    done: 'आपका साइन अप हो गया है। हर ईमेल में हटने के लिए एक लिंक होता है।',
  },
};
