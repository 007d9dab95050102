/** Languages that Heed's own mails and pages speak. */
export const LANGUAGES = ['en', 'de', 'es', 'fr', 'hi'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}
