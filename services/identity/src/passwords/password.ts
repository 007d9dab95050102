import { type FieldViolation } from '@heed/kernel';

/** SPEC: NIST SP 800-63B-4, 3.1.1.2: length counts, composition rules do not; known passwords are refused. */
const SHORTEST = 12;
const LONGEST = 200;
/** Fewer different characters than this is a pattern ("abababababab"), whatever its length. */
const FEWEST_DIFFERENT = 5;

/** What people choose when 12 characters are asked for. Compared without case, digits at the end or blanks. */
const WORST = new Set([
  'password',
  'passwordpassword',
  'passwort',
  'passwortpasswort',
  'motdepassemotdepasse',
  'changeme',
  'changemechangeme',
  'letmeinletmein',
  'letmeinplease',
  'welcome',
  'welcomewelcome',
  'administrator',
  'adminadminadmin',
  'iloveyouiloveyou',
  'qwertyuiop',
  'qwertyuiopasdf',
  'qwertyuiopasdfghjkl',
  'qwertzuiopasdf',
  'qwertyqwerty',
  'asdfghjkl',
  'trustnoone',
  'correcthorsebatterystaple',
  'heedheedheed',
]);

export type PasswordFault =
  | 'PASSWORD_TOO_SHORT'
  | 'PASSWORD_TOO_LONG'
  | 'PASSWORD_IS_ADDRESS'
  | 'PASSWORD_TOO_SIMPLE'
  | 'PASSWORD_WELL_KNOWN';

/** The same text typed on two keyboards may differ in code points; one form is hashed. */
export function normalised(password: string): string {
  return password.normalize('NFKC');
}

/** Why a password may not be chosen; undefined where it may. */
export function faultOf(password: string, email: string): PasswordFault | undefined {
  const text = normalised(password);
  const characters = [...text];
  if (characters.length < SHORTEST) return 'PASSWORD_TOO_SHORT';
  if (characters.length > LONGEST) return 'PASSWORD_TOO_LONG';
  const plain = text.toLowerCase();
  const address = email.toLowerCase();
  if (plain === address || plain === address.slice(0, address.lastIndexOf('@'))) return 'PASSWORD_IS_ADDRESS';
  if (isRunOfDigits(plain) || new Set(characters).size < FEWEST_DIFFERENT) return 'PASSWORD_TOO_SIMPLE';
  if (WORST.has(plain.replace(/[\s_-]/g, '').replace(/[\d!.]+$/, ''))) return 'PASSWORD_WELL_KNOWN';
  return undefined;
}

/** "123456789012", "098765432109": each digit follows from the one before. */
function isRunOfDigits(text: string): boolean {
  if (!/^\d+$/.test(text)) return false;
  const steps = new Set(
    [...text].slice(1).map((digit, index) => (Number(digit) - Number(text[index]) + 10) % 10),
  );
  return steps.size === 1;
}

export function passwordViolations(password: string, email: string, field = 'password'): FieldViolation[] {
  const reason = faultOf(password, email);
  return reason === undefined ? [] : [{ field, reason }];
}
