import { type Random } from './random.js';

/** A mobile number as people of a country write it, and as it stands in E.164. */
export interface PhoneNumber {
  country: string;
  written: string;
  e164: string;
}

type Format = (random: Random) => { national: string; e164: string };

/** Ranges that are mobile numbers by each country's plan; the last digits are made up. */
const COUNTRIES: Record<string, Format> = {
  US: (random) => {
    const [area, exchange, line] = [
      random.pick(['212', '415', '512', '617']),
      `5${random.digits(2)}`,
      random.digits(4),
    ];
    // 555-01xx is fiction's own range, but too small for thousands; 5xx exchanges other than 555 are in use.
    return { national: `(${area}) ${exchange}-${line}`, e164: `+1${area}${exchange}${line}` };
  },
  GB: (random) => {
    const rest = random.digits(6);
    return { national: `07400 ${rest}`, e164: `+447400${rest}` };
  },
  DE: (random) => {
    const rest = random.digits(7);
    return { national: `0151 1${rest}`, e164: `+491511${rest}` };
  },
  IN: (random) => {
    const rest = random.digits(8);
    return { national: `098${rest.slice(0, 3)} ${rest.slice(3)}`, e164: `+9198${rest}` };
  },
  BR: (random) => {
    const rest = random.digits(7);
    return { national: `(11) 98${rest.slice(0, 3)}-${rest.slice(3)}`, e164: `+551198${rest}` };
  },
};

export const PHONE_COUNTRIES = Object.keys(COUNTRIES);

/** Half of them in national form, as they stand in real address books. */
export function phoneNumber(random: Random, country: string): PhoneNumber {
  const { national, e164 } = COUNTRIES[country]!(random);
  const written = random.below(2) === 0 ? national : random.pick([e164, `00${e164.slice(1)}`]);
  // "00" before a country code is dialled from Europe and India, and means nothing in the Americas.
  const readable = written.startsWith('00') && (country === 'US' || country === 'BR') ? e164 : written;
  return { country, written: readable, e164 };
}
