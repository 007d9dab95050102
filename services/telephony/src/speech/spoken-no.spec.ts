import { describe, expect, it } from '@jest/globals';
import { grammarOfNo, senseOf } from './spoken-no.js';

describe('words in a call', () => {
  it.each([
    'stop',
    'please stop',
    'stop calling me',
    'please stop calling',
    'please do not call me again',
    "don't call me anymore",
    'never call me again',
    'take me off your list',
    'remove me from the do not call list',
    'hello please remove my number',
    'put me on your do not call list',
    'i want to opt out',
    'unsubscribe',
    'leave me alone',
    "i don't want any more calls",
    'i do not want to be called',
    'no more of these calls please',
    'okay please do not call this number again thank you',
  ])('are a no where nothing else was said: "%s"', (words) => {
    expect(senseOf(words)).toBe('no');
  });

  it.each([
    'do not stop calling me',
    'my husband said stop calling me',
    'not interested',
    'you have the wrong number',
    'who gave you my number',
    'stop the price is too high',
    'but leave me alone',
  ])('are in doubt where a no stands among others, or nobody can tell: "%s"', (words) => {
    expect(senseOf(words)).toBe('doubt');
  });

  it.each([
    '',
    'yes i am interested thank you',
    'please call me again tomorrow',
    'where is the bus stop',
    'how did you like the list of prices',
    'no',
    'nonstop',
    'i am calling about my order',
  ])('are none where they say something else: "%s"', (words) => {
    expect(senseOf(words)).toBe('nothing');
  });

  it('stand in a grammar that is one of its kind: every bracket is closed, every rule is there', () => {
    const grammar = grammarOfNo();
    for (const [open, close] of ['()', '[]'])
      expect(grammar.split(open!).length).toBe(grammar.split(close!).length);
    const rules = new Set(Array.from(grammar.matchAll(/^(?:public )?<(\w+)> =/gm), ([, name]) => name));
    for (const [, name] of grammar.matchAll(/<(\w+)>/g)) expect(rules).toContain(name);
  });
});
