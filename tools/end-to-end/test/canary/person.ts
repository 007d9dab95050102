import { type Needle, needle, phoneNeedle } from './needles.js';

/** Somebody whose every trait is nowhere else, so that whatever holds one was told of this person. */
export const PERSON = {
  firstName: 'Zoëdeia',
  lastName: 'Quixwhistlé',
  email: 'zoedeia.quixwhistle+canary@perchlight.test',
  phone: '+14155550142',
  source: 'A leaflet of the “saffron lighthouse”',
  evidence: 'Agreed while the “marmalade engine” hummed; key Ωmega-7.',
  optOut: 'Never again, said the cerulean & peppermint postmaster.',
  page: 'tourmaline-postscript-on-the-page',
  password: 'correct-marmalade-horse-81',
  ware: 'Seventeen chartreuse harpsichords',
  correctedName: 'Thrumblewick-Correctsson',
  correctedPhone: '+14155550187',
  reply: 'Who gave you my address? asks the vermilion-teapot of last autumn',
};

/** The same person in rows that are refused, and in input that is broken. */
export const BROKEN = {
  rejectedEmail: 'zoedeia.rejected@@perchlight.test',
  rejectedName: 'Heliotrope-Rejectsdottir',
  addressless: 'Vermilion-Addressless-Mbeki',
  brokenEmail: 'zoedeia.broken@perchlight.test',
  brokenText: 'Obsidian-Broken-Ünderwood',
};

/** A member of the tenant, who is a person as well. */
export const MEMBER = { name: 'Mirabel Thistlequartz', email: 'mirabel.thistlequartz@perchlight.test' };

export const NEEDLES: Needle[] = [
  phoneNeedle('phone', PERSON.phone),
  phoneNeedle('correctedPhone', PERSON.correctedPhone),
  ...Object.entries({ ...PERSON, phone: '', correctedPhone: '' })
    .filter(([, value]) => value !== '')
    .map(([what, value]) => needle(what, value)),
  ...Object.entries(BROKEN).map(([what, value]) => needle(what, value)),
  ...Object.entries(MEMBER).map(([what, value]) => needle(`member ${what}`, value)),
];
