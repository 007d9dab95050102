import { EspeakSynthesizer } from '../src/speech/espeak-synthesizer.js';
import { disclosureIn, LANGUAGES } from '../src/speech/languages.js';

/**
 * Lets the real program say in every language what every script begins with (.ci/foreign). Exits with 1 where one of
 * them is too short to be words, or too quiet.
 */
const voice = new EspeakSynthesizer();
for (const language of LANGUAGES) {
  const begun = performance.now();
  const samples = await voice.speak({ language, text: disclosureIn(language, 'Acme') });
  const took = Math.round(performance.now() - begun);
  const seconds = samples.length / 8_000;
  const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  console.log(`${language}: ${seconds.toFixed(1)} s, loudness ${Math.round(loudness)}, made in ${took} ms`);
  if (seconds < 4 || seconds > 20 || loudness < 500) process.exitCode = 1;
}
// As long as a script may be.
const longest = await voice.speak({ language: 'en', text: 'a message for you '.repeat(220) });
console.log(`the longest: ${(longest.length / 8_000).toFixed(0)} s`);
if (longest.length < 100 * 8_000) process.exitCode = 1;
