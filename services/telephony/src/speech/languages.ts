/** Languages that scripts are written in and spoken. The first is taken where a template names none. */
export const LANGUAGES = ['en', 'de', 'es', 'fr', 'hi'] as const;

export type Language = (typeof LANGUAGES)[number];

export function languageOf(code: string | undefined): Language {
  return LANGUAGES.find((known) => known === code) ?? LANGUAGES[0];
}

/**
 * Said before any script that a machine speaks: that it is one, for whom, and how to end it for good.
 * LAW: 47 CFR 64.1200(b): an artificial voice says at its beginning who is responsible for the call, and offers a key
 * that records a no; Regulation (EU) 2024/1689, art. 50(1): whoever speaks with a machine is told so.
 */
const DISCLOSURES: Record<Language, string> = {
  en: 'This is a recorded message by a computer voice from SENDER. Press 9 to be called no more.',
  de: 'Dies ist eine aufgezeichnete Nachricht mit Computerstimme von SENDER. Drücken Sie die 9, um nicht mehr angerufen zu werden.',
  es: 'Este es un mensaje grabado con voz de ordenador de SENDER. Pulse 9 para no recibir más llamadas.',
  fr: 'Ceci est un message enregistré par une voix de synthèse de la part de SENDER. Appuyez sur 9 pour ne plus être appelé.',
  hi: 'यह SENDER की ओर से कंप्यूटर की आवाज़ में रिकॉर्ड किया गया संदेश है। आगे कॉल न पाने के लिए 9 दबाएँ।',
};

export function disclosureIn(language: Language, sender: string): string {
  // A function: a name with a `$&` in it is a name.
  return DISCLOSURES[language].replace('SENDER', () => sender);
}
