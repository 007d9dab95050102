import { describe, expect, it } from '@jest/globals';
import { judgeReply, type Reach } from './judge-reply.js';

const said = (text: string): string => {
  const verdict = judgeReply({ subject: 'Re: Our spring offers', text });
  return verdict.says === 'opt_out' ? verdict.reach : verdict.says;
};

/** What each of them is a no to. Whatever is not plainly less is a no to all mail, and a receipt is mail. */
const MEANS: Record<Reach, Record<string, string[]>> = {
  outreach: {
    English: [
      'STOP',
      'Stop it now!',
      'please unsubscribe',
      'Please unsubscribe me from this list.',
      'I would like to unsubscribe.',
      'Opt me out of this.',
      'Take me off this list.',
      'I no longer wish to receive your newsletter.',
      'I do not want your newsletter anymore',
      'I hereby withdraw my consent.',
      'Stop these ads',
    ],
    German: [
      'Stopp',
      'Bitte abmelden!',
      'Bitte melden Sie mich vom Newsletter ab',
      'Keine Werbung mehr bitte',
      'Bitte nehmen Sie mich aus dem Verteiler.',
      'Hiermit widerrufe ich meine Einwilligung.',
      'Ich widerspreche der Nutzung meiner Daten zu Werbezwecken.',
    ],
    Spanish: [
      'BAJA',
      'Quiero darme de baja',
      'Deje de mandarme publicidad',
      'Elimínenme de su lista.',
      'Retiro mi consentimiento.',
      'cancelar suscripción',
    ],
    French: [
      'STOP svp',
      'Désabonnez-moi',
      'Veuillez me désinscrire de votre liste',
      'je souhaite ne plus recevoir de publicité',
      'Je retire mon consentement.',
    ],
    Hindi: ['बंद करो', 'मेरा नाम सूची से हटा दें।', 'अनसब्सक्राइब करें', 'विज्ञापन भेजना बंद कीजिए'],
    'Hindi in Latin letters': ['band karo', 'mera naam list se hata do', 'unsubscribe kar do'],
  },
  mail: {
    English: [
      'STOPALL',
      'stop all',
      'Please stop writing to me',
      'No more emails please',
      'Stop. Do not write to me again.',
      'Unsubscribe me, from all your emails',
      'I never want to hear from you again, unsubscribe me',
      'Please unsubscribe me. I do not want any more emails from you.',
      'Stop sending me these emails',
    ],
    German: [
      'Bitte schreiben Sie mir nicht mehr.',
      'Bitte keine weiteren E-Mails mehr.',
      'Bitte abmelden. Schreiben Sie mir nie wieder.',
      'Bitte senden Sie mir nichts mehr',
    ],
    Spanish: [
      'No me escriban más.',
      'No quiero recibir más emails de ustedes.',
      'Me opongo al tratamiento de mis datos',
    ],
    French: [
      'Ne m’écrivez plus.',
      'Plus de mails, merci.',
      'Désabonnez-moi. Ne m’envoyez plus de courriels.',
    ],
    Hindi: ['मुझे ईमेल मत भेजो', 'मुझे मत लिखो', 'मुझे ये मैसेज नहीं चाहिए'],
    'Hindi in Latin letters': ['mujhe mail mat bhejo', 'mail bhejna band kar do', 'mujhe mat likho'],
  },
  everything: {
    English: ['Do not contact me again', 'Leave me alone', 'STOP. Do not contact me in any way.'],
    German: ['Lassen Sie mich in Ruhe', 'Kontaktieren Sie mich nicht mehr'],
    Spanish: ['No me contacten nunca más', 'Déjenme en paz'],
    French: ['Ne me contactez plus jamais', 'Laissez-moi tranquille'],
    Hindi: ['मुझसे संपर्क मत कीजिए'],
    'Hindi in Latin letters': ['mujhse contact mat karo'],
  },
};

const cases = Object.entries(MEANS).flatMap(([reach, languages]) =>
  Object.entries(languages).flatMap(([language, texts]) =>
    texts.map((text) => [language, text, reach] as const),
  ),
);

describe('what somebody says no to', () => {
  it.each(cases)('in %s with %j is %s', (_, text, reach) => {
    expect(said(text)).toBe(reach);
  });

  it('is the widest of what they say', () => {
    expect(said('STOP. Please stop writing to me.')).toBe('mail');
    expect(said('Please stop writing to me. Do not contact me again.')).toBe('everything');
  });
});
