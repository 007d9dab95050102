import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { hi } from './hi.js';
import { type SystemTexts } from './system-texts.js';

export const LANGUAGES = ['en', 'de', 'es', 'fr', 'hi'] as const;
export type Language = (typeof LANGUAGES)[number];

export const SYSTEM_TEXTS: Readonly<Record<Language, SystemTexts>> = { en, de, es, fr, hi };

/** Whoever reads none of ours is written to in English. */
export function languageOf(text: string): Language {
  return LANGUAGES.find((language) => language === text) ?? 'en';
}
