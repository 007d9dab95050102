import { describe, expect, it } from '@jest/globals';
import { faultOf, normalised, passwordViolations } from './password.js';

const email = 'Ada.Lovelace.1815@example.org';

describe('a password', () => {
  it('of 12 characters that nobody would guess is taken, words and blanks included', () => {
    for (const password of [
      'orchid-lantern-47',
      'vier Katzen im Regen',
      'пароль-который-длинный',
      '한국어비밀번호열두자이상이다',
    ]) {
      expect([password, faultOf(password, email)]).toEqual([password, undefined]);
    }
  });

  it('is counted in characters, not in UTF-16 units', () => {
    expect(faultOf('🐈🐕🐎🐄🐖🐏', email)).toBe('PASSWORD_TOO_SHORT');
    expect(faultOf('elevenchars', email)).toBe('PASSWORD_TOO_SHORT');
    expect(faultOf('0a'.repeat(101), email)).toBe('PASSWORD_TOO_LONG');
  });

  it('is neither the address nor what stands before the @', () => {
    expect(faultOf('ada.lovelace.1815@EXAMPLE.org', email)).toBe('PASSWORD_IS_ADDRESS');
    expect(faultOf('ADA.LOVELACE.1815', email)).toBe('PASSWORD_IS_ADDRESS');
  });

  it('is none of the worst, however decorated', () => {
    for (const password of [
      'Password12345',
      'password-password',
      'QwertyUiop123!',
      'Change Me 2026!',
      'Administrator1',
    ]) {
      expect([password, faultOf(password, email)]).toEqual([password, 'PASSWORD_WELL_KNOWN']);
    }
  });

  it('is no repetition and no run of digits', () => {
    for (const password of ['aaaaaaaaaaaa', 'abababababab', '123456789012', '987654321098']) {
      expect([password, faultOf(password, email)]).toEqual([password, 'PASSWORD_TOO_SIMPLE']);
    }
  });

  it('is the same in both Unicode spellings', () => {
    expect(normalised('cafe\u0301')).toBe(normalised('caf\u00e9'));
  });

  it('is refused under the name of its field', () => {
    expect(passwordViolations('short', email)).toEqual([{ field: 'password', reason: 'PASSWORD_TOO_SHORT' }]);
    expect(passwordViolations('orchid-lantern-47', email)).toEqual([]);
  });
});
