import { describe, expect, it } from '@jest/globals';
import { judgeReply } from './judge-reply.js';
import { ownWords } from './own-words.js';

const LINK = `https://heed.example/u/${'A'.repeat(120)}`;
const OURS = [
  'Dear Jane,',
  'our offers of the week.',
  '',
  '-- ',
  'Acme',
  '1 Main Street',
  `Unsubscribe: ${LINK}`,
];
const quoted = OURS.map((line) => `> ${line}`).join('\n');

describe('what somebody wrote themselves', () => {
  it.each([
    ['Gmail', `Sounds good!\n\nOn Mon, 4 May 2026 at 10:12, Acme <news@acme.test> wrote:\n\n${quoted}`],
    [
      'Gmail, wrapped',
      `Sounds good!\n\nOn Mon, 4 May 2026 at 10:12, Acme the Company\n<news@acme.test> wrote:\n\n${quoted}`,
    ],
    [
      'Gmail in German',
      `Sounds good!\n\nAm Mo., 4. Mai 2026 um 10:12 Uhr schrieb Acme <news@acme.test>:\n\n${quoted}`,
    ],
    [
      'Gmail in Spanish',
      `Sounds good!\n\nEl lun, 4 may 2026 a las 10:12, Acme (<news@acme.test>) escribió:\n\n${quoted}`,
    ],
    [
      'Gmail in French',
      `Sounds good!\n\nLe lun. 4 mai 2026 à 10:12, Acme <news@acme.test> a écrit :\n\n${quoted}`,
    ],
    [
      'Gmail in Hindi',
      `Sounds good!\n\nसोम, 4 मई 2026 को 10:12 बजे Acme <news@acme.test> ने लिखा:\n\n${quoted}`,
    ],
    [
      'Apple Mail',
      `Sounds good!\n\nSent from my iPhone\n\n> On 4. May 2026, at 10:12, Acme <news@acme.test> wrote:\n> \n${quoted}`,
    ],
    [
      'Outlook',
      `Sounds good!\n\n________________________________\nFrom: Acme <news@acme.test>\nSent: Monday, May 4, 2026 10:12\nTo: Jane\nSubject: Offers\n\n${OURS.join('\n')}`,
    ],
    [
      'Outlook without a line',
      `Sounds good!\n\nVon: Acme <news@acme.test>\nGesendet: Montag, 4. Mai 2026 10:12\nAn: Jane\nBetreff: Offers\n\n${OURS.join('\n')}`,
    ],
    ['old Outlook', `Sounds good!\n\n-----Original Message-----\nFrom: Acme\n\n${OURS.join('\n')}`],
    ['old Outlook in French', `Sounds good!\n\n-----Message d’origine-----\nDe : Acme\n\n${OURS.join('\n')}`],
    [
      'Outlook for telephones',
      `Sounds good!\n\nGet Outlook for iOS\n________________________________\nFrom: Acme\n${OURS.join('\n')}`,
    ],
    [
      'a quotation without marks',
      `Sounds good!\n\nOn Monday, May 4, 2026, Acme <news@acme.test> wrote:\n${OURS.join('\n')}`,
    ],
    ['an answer below', `On Mon, 4 May 2026, Acme wrote:\n${quoted}\n\nSounds good!`],
    ['a signature', `Sounds good!\n-- \nJane Doe\nStop Motion Films Ltd`],
    ['a signature whose space was lost', `Sounds good!\n--\nJane Doe\nUnsubscribe`],
    ['our link alone', `Sounds good!\nUnsubscribe: ${LINK}`],
  ])('stands without the rest in %s', (_, text) => {
    expect(ownWords(text).replaceAll(/\n+/g, '\n').trim()).toBe('Sounds good!');
    expect(judgeReply({ subject: 'Re: Offers', text })).toEqual({ says: 'answer' });
  });

  it('between what is quoted is found', () => {
    const text = `> our offers of the week.\nstop writing to me\n> Unsubscribe: ${LINK}\n`;
    expect(ownWords(text)).toBe('stop writing to me');
  });

  it('right above a quotation is not taken for its first line', () => {
    for (const [text, by] of [
      ['On second thought: stop writing to me', 'On Mon, 4 May 2026 at 10:12, Acme <news@acme.test> wrote:'],
      ['Am besten schreiben Sie mir nicht mehr', 'Am Mo., 4. Mai 2026 um 10:12 Uhr schrieb Acme:'],
      ['मुझे मत लिखो', 'सोम, 4 मई 2026 को 10:12 बजे Acme ने लिखा:'],
    ] as const) {
      expect(ownWords(`${text}\n${by}\n${quoted}`)).toBe(text);
    }
  });

  it('is not taken for the mark of a program', () => {
    for (const text of [
      'get me off this mail',
      'sent me this mail again, stop it',
      'From now on: stop writing to me',
    ]) {
      expect(ownWords(text)).toBe(text);
    }
  });
});
