import { describe, expect, it } from '@jest/globals';
import { judgeReply } from './judge-reply.js';

const said = (text: string, subject = 'Re: Our spring offers'): string => {
  const verdict = judgeReply({ subject, text });
  return verdict.says === 'opt_out' ? verdict.reach : verdict.says;
};

const NO: Record<string, string[]> = {
  English: [
    'STOP',
    'Stop!',
    'stop please',
    'Unsubscribe',
    'please unsubscribe',
    'UNSUBSCRIBE ME NOW',
    'Please unsubscribe me from this list.',
    'Please stop writing to me',
    'please stop writing to me.',
    'Hi, could you please stop sending me these emails? Thanks, Jane',
    'Stop emailing me!!!',
    'Can you stop spamming me?',
    'Remove me',
    'Please remove me from your mailing list',
    'Take me off this list.',
    'take my name off your list please',
    'I would like to unsubscribe.',
    'I want to opt out',
    'opt out',
    'Opt me out of this.',
    'No more emails please',
    "Don't send me any more emails.",
    'dont write me again',
    'Please do not email me again',
    "I don't want to receive these messages anymore",
    'I no longer wish to receive your newsletter.',
    'I no longer want to hear from you',
    'Stop this newsletter.',
    'I hereby withdraw my consent.',
    'I’d like to be removed from this.',
    'Never write to me again',
    'This is spam. Stop it now.',
    'Enough already. Quit sending this stuff.',
    'please stop sending me e-mails',
  ],
  German: [
    'Stopp',
    'stop bitte',
    'Abmelden',
    'bitte abmelden',
    'Bitte melden Sie mich ab.',
    'Bitte melden Sie mich vom Newsletter ab',
    'Bitte schreiben Sie mir nicht mehr.',
    'Schreibt mir bitte nicht mehr',
    'Hören Sie auf, mir E-Mails zu schicken!',
    'Hört auf mir zu schreiben',
    'Bitte hören Sie endlich auf',
    'Bitte keine weiteren E-Mails mehr.',
    'Keine Werbung mehr bitte',
    'Ich möchte keine E-Mails mehr von Ihnen erhalten.',
    'ich will keine mails mehr',
    'Bitte nehmen Sie mich aus dem Verteiler.',
    'Bitte streichen Sie mich von Ihrer Liste',
    'Tragen Sie mich bitte aus.',
    'Ich möchte mich vom Newsletter abmelden.',
    'Hiermit widerrufe ich meine Einwilligung.',
    'Ich widerspreche der Nutzung meiner Daten zu Werbezwecken.',
    'Newsletter bitte abbestellen',
    'Bitte senden Sie mir nichts mehr',
  ],
  Spanish: [
    'BAJA',
    'baja por favor',
    'Quiero darme de baja',
    'Denme de baja, por favor.',
    'Dejen de escribirme',
    'Por favor, dejen de enviarme correos.',
    'Deje de mandarme publicidad',
    'No me envíen más correos',
    'No me escriban más.',
    'No me contacten nunca más',
    'No quiero recibir más emails de ustedes.',
    'no quiero que me escriban',
    'No más correos, gracias',
    'Elimínenme de su lista.',
    'Por favor eliminarme de la lista',
    'Ya basta de mandarme mensajes',
    'Retiro mi consentimiento.',
    'Me opongo al tratamiento de mis datos',
    'cancelar suscripción',
  ],
  French: [
    'STOP',
    'Désabonnez-moi',
    'Merci de me désabonner.',
    'Veuillez me désinscrire de votre liste',
    'Je souhaite me désabonner.',
    'Arrêtez de m’écrire',
    "Merci d'arrêter de m'envoyer des mails",
    'Cessez de me contacter.',
    'Ne m’écrivez plus.',
    "Ne m'envoyez plus de mails svp",
    'Ne me contactez plus jamais',
    'Je ne veux plus recevoir vos messages.',
    'je souhaite ne plus recevoir de publicité',
    'Plus de mails, merci.',
    'Retirez-moi de la liste',
    'Je retire mon consentement.',
    'Laissez-moi tranquille',
    'désinscription',
  ],
  Hindi: [
    'बंद करो',
    'कृपया बंद करें',
    'मुझे ईमेल मत भेजो',
    'कृपया मुझे और ईमेल न भेजें।',
    'मुझे मत लिखो',
    'मुझे लिखना बंद करें',
    'ईमेल भेजना बंद कीजिए',
    'मुझे ये मैसेज नहीं चाहिए',
    'मेरा नाम सूची से हटा दें।',
    'मुझसे संपर्क मत कीजिए',
    'अनसब्सक्राइब करें',
    'मुझे परेशान मत करो',
  ],
  'Hindi in Latin letters': [
    'band karo',
    'please band karo yaar',
    'mujhe mail mat bhejo',
    'Mujhe email mat bhejiye please',
    'likhna band karo',
    'mail bhejna band kar do',
    'mujhe mat likho',
    'mera naam list se hata do',
    'mujhe ye emails nahi chahiye',
    'unsubscribe kar do',
    'mujhse contact mat karo',
    'ab mujhe message mat karna',
  ],
};

const DOUBT: Record<string, string[]> = {
  English: [
    'How do I unsubscribe?',
    'Why did you stop writing to me?',
    'Not interested, thanks',
    'You have the wrong person.',
    'Who gave you my address?',
    'Please delete all my data.',
    'I never signed up for this',
    'If you do not stop I will call my lawyer',
    'Please do not call me before noon',
    'Stop emailing me before lunch',
    'You can stop the offer, but keep me posted. Also, stop writing to me.',
    'Is this spam?',
    'Go away',
    'Please stop. Actually no, do not stop.',
    'Stop sending me these emails so often',
  ],
  German: [
    'Wie kann ich mich abmelden?',
    'Kein Interesse.',
    'Woher haben Sie meine Adresse?',
    'Das nervt!',
    'Bitte löschen Sie meine Daten',
    'Das ist ein Verstoß gegen die DSGVO',
    'Bitte kündigen',
    'Wenn Sie nicht aufhören, gehe ich zum Anwalt',
  ],
  Spanish: [
    'No me interesa',
    '¿Cómo me doy de baja?',
    'Borren mis datos',
    'Esto es spam',
    'Los voy a denunciar',
  ],
  French: [
    'Pas intéressé',
    'Comment se désabonner ?',
    'Supprimez mes données',
    'Je vais porter plainte',
    'C’est du spam',
  ],
  Hindi: ['रुचि नहीं है', 'मैं शिकायत करूंगा', 'यह बंद कब होगा?'],
  'Hindi in Latin letters': ['interest nahi hai', 'galat number hai', 'main shikayat karunga'],
};

const NO_NO: Record<string, string[]> = {
  English: [
    'Thanks, sounds great!',
    "Please don't stop sending these, I love them",
    'please do not stop',
    'Never stop writing to me!',
    'I do not want to unsubscribe',
    'Keep sending these!',
    'Please do not remove me from the list.',
    'The shop is near the bus stop',
    'I will stop by your shop on Monday',
    'Can you send me the price list?',
    'Do not hesitate to call',
    'Yes, I am interested. Please write to me again next week.',
    'My new address is jane@example.org',
    '',
    'On my way',
    'What is the last date for the offer',
    'I read it nonstop',
  ],
  German: [
    'Bitte nicht aufhören!',
    'Hören Sie nicht auf zu schreiben',
    'Nicht abmelden bitte',
    'Bitte schicken Sie mir mehr davon.',
    'Danke, gerne!',
    'Ich möchte mich nicht abmelden',
    'Schreiben Sie mir weiterhin',
    'Ich habe Ihre Nachricht bekommen und freue mich auf das Angebot',
    'Wann haben Sie geöffnet?',
  ],
  Spanish: [
    'Gracias, me interesa',
    'No dejen de escribirme',
    'Por favor no me den de baja',
    'Sigan enviando estas ofertas',
    'No quiero darme de baja',
    '¿Cuánto cuesta?',
    'Para mí está bien',
  ],
  French: [
    'Merci beaucoup, à bientôt',
    "N'arrêtez pas de m'écrire",
    'Ne me désabonnez pas',
    'Je ne veux pas me désabonner',
    'Continuez à m’envoyer vos offres',
    'Quel est le prix ?',
  ],
  Hindi: ['धन्यवाद', 'बंद मत करो', 'मुझे भेजते रहिए', 'मत हटाओ', 'कीमत क्या है?'],
  'Hindi in Latin letters': [
    'band mat karo',
    'bhejte rahiye',
    'mat hatao',
    'price kya hai',
    'acha hai, dhanyavad',
  ],
};

const cases = (table: Record<string, string[]>): [string, string][] =>
  Object.entries(table).flatMap(([language, texts]) =>
    texts.map((text): [string, string] => [language, text]),
  );

describe('an answer', () => {
  it.each(cases(NO))('in %s that says no: %s', (_, text) => {
    expect(['outreach', 'mail', 'everything']).toContain(said(text));
  });

  it.each(cases(DOUBT))('in %s that may be a no: %s', (_, text) => {
    expect(said(text)).toBe('doubt');
  });

  it.each(cases(NO_NO))('in %s that says no such thing: %s', (_, text) => {
    expect(said(text)).toBe('answer');
  });

  it.each([
    ['Do not contact me again in any way', 'everything'],
    ['Leave me alone', 'everything'],
    ['Lassen Sie mich in Ruhe', 'everything'],
    ['Please stop writing to me', 'mail'],
    ['Bitte schreiben Sie mir nicht mehr', 'mail'],
  ])('%j means %s', (text, means) => {
    expect(said(text)).toBe(means);
  });

  it('counts its subject where that is the person’s own', () => {
    expect(said('', 'unsubscribe')).toBe('outreach');
    expect(said('', 'Bitte abmelden')).toBe('outreach');
    for (const ours of [
      'Re: Stop paying too much!',
      'AW: Stop',
      'RE[2]: unsubscribe',
      'Fwd: stop writing to me',
    ]) {
      expect(said('Thank you!', ours)).toBe('answer');
    }
  });

  it('is read in time that grows with its length alone', () => {
    for (const piece of ['do not ', 'bitte ', 'stop ', 'a', 'mich ', 'no me ', 'ab ', 'मुझे ', 'ईमेल ', 'x. ']) {
      const text = piece.repeat(20_000 / piece.length);
      const started = process.cpuUsage();
      judgeReply({ subject: '', text });
      const { user } = process.cpuUsage(started);
      expect(user / 1_000).toBeLessThan(5_000);
    }
  });
});
