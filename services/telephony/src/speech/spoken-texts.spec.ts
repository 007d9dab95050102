import { describe, expect, it } from '@jest/globals';
import { disclosureIn, languageOf, LANGUAGES } from './languages.js';
import { SpokenTexts } from './spoken-texts.js';

describe('texts that are spoken', () => {
  it('are spoken once while calls try to begin, each language apart, and anew where it failed', async () => {
    const asked: string[] = [];
    let isAway = true;
    const texts = new SpokenTexts({
      synthesizer: {
        speak: ({ text, language }) => {
          asked.push(`${language} ${text}`);
          return isAway ? Promise.reject(new Error('away')) : Promise.resolve(Int16Array.of(1));
        },
      },
    });
    await expect(texts.speak({ text: 'Hello', language: 'en' })).rejects.toThrow('away');
    isAway = false;
    await Promise.all([1, 2].map(() => texts.speak({ text: 'Hello', language: 'en' })));
    await texts.speak({ text: 'Hello', language: 'de' });
    expect(asked).toEqual(['en Hello', 'en Hello', 'de Hello']);
    // No more than a few of them are held, and none once the carrier is closed.
    for (let n = 0; n < 64; n += 1) await texts.speak({ text: String(n), language: 'en' });
    await texts.speak({ text: 'Hello', language: 'de' });
    expect(asked.at(-1)).toBe('de Hello');
    texts.clear();
    await texts.speak({ text: 'Hello', language: 'de' });
    expect(asked.slice(-2)).toEqual(['de Hello', 'de Hello']);
  });

  it.each(LANGUAGES)(
    'say in %s first that a computer speaks, for whom, and which key ends it',
    (language) => {
      const said = disclosureIn(language, 'A$&B');
      expect(said).toContain('A$&B');
      expect(said).toContain('9');
      expect(said).not.toContain('SENDER');
    },
  );

  it('are English where a template names no language', () => {
    expect([undefined, '', 'xx', 'hi'].map(languageOf)).toEqual(['en', 'en', 'en', 'hi']);
  });
});
