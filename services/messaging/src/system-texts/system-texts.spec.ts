import { describe, expect, it } from '@jest/globals';
import { typesV1 } from '@heed/contracts';
import { switchedOff } from '../confirmations/confirmation-text.js';
import { LANGUAGES, languageOf, SYSTEM_TEXTS } from './languages.js';

const variables = (text: string): string[] => (text.match(/\{\{ [\w.]+ \}\}|\{\w+\}/g) ?? []).sort();

describe('what Heed itself writes', () => {
  it.each(LANGUAGES.map((language) => [language]))(
    'says all of it in %s, with every variable',
    (language) => {
      const texts = Object.entries(SYSTEM_TEXTS[language]);
      expect(texts.map(([key]) => key).sort()).toEqual(Object.keys(SYSTEM_TEXTS.en).sort());
      for (const [key, text] of texts as [keyof typeof SYSTEM_TEXTS.en, string][]) {
        expect(text.trim()).not.toBe('');
        expect({ key, variables: variables(text) }).toEqual({
          key,
          variables: variables(SYSTEM_TEXTS.en[key]),
        });
      }
    },
  );

  it('is said in English to who reads none of these', () => {
    expect(['pt', '', 'constructor'].map(languageOf)).toEqual(['en', 'en', 'en']);
    expect(languageOf('hi')).toBe('hi');
  });

  it('names what was switched off in the language of the rest', () => {
    const scope = { channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'our_news' };
    expect(switchedOff(scope)).toBe('emails about "our news"');
    expect(switchedOff(scope, 'de')).toBe('E-Mails zu „our news“');
    expect(switchedOff({ ...scope, purpose: '' }, 'es')).toBe('correos electrónicos');
  });
});
