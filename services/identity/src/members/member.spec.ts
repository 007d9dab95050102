import { describe, expect, it } from '@jest/globals';
import { emailViolations, mayGive, roleViolations } from './member.js';

describe('a member', () => {
  it('signs in with an address that a mail could be sent to', () => {
    for (const email of ['ada@example.org', 'ada.love+crm@mail.example.co.uk', 'jürgen@bücher.example']) {
      expect([email, emailViolations(email)]).toEqual([email, []]);
    }
    const wrong = [
      'ada',
      '@example.org',
      'ada@',
      'ada@localhost',
      'a da@example.org',
      'ada@example..org',
      'ada@-x.org',
      'ada@b@example.org',
      'ada@example.org\r\nBcc: x@example.org',
      '"a"@example.org',
      'a'.repeat(65) + '@example.org',
      'ada@' + 'a.'.repeat(127) + 'org',
    ];
    for (const email of wrong) expect([email, emailViolations(email).length]).toEqual([email, 1]);
  });

  it('holds roles that exist, each once', () => {
    expect(roleViolations(['owner', 'auditor'])).toEqual([]);
    expect(roleViolations(['agent', 'root', 'agent'])).toEqual([
      { field: 'roles[1]', reason: 'UNKNOWN_ROLE' },
      { field: 'roles[2]', reason: 'REPEATED' },
    ]);
  });

  it('is made an owner by an owner alone', () => {
    expect(mayGive(['owner'], ['owner', 'agent'])).toBe(true);
    expect(mayGive(['admin'], ['compliance_officer', 'campaign_manager'])).toBe(true);
    expect(mayGive(['admin', 'auditor'], ['agent', 'owner'])).toBe(false);
    expect(mayGive([], ['owner'])).toBe(false);
  });
});
