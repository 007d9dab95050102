import { describe, expect, it } from '@jest/globals';
import { PAGE_POLICY } from '@heed/http';
import { newId } from '@heed/kernel';
import { askingPage, donePage } from './opt-out-page.js';
import { readBody } from './opt-out.http.js';

const link = {
  tenantId: newId(),
  contactId: newId(),
  endpointHash: Buffer.alloc(34),
  channel: 'email' as const,
  purpose: 'newsletter',
  sender: '',
};

describe('the page behind a link', () => {
  it('holds a form that posts to itself, no script and nothing from elsewhere', () => {
    const page = askingPage(link);
    expect(page).toContain('<form method="post">');
    expect(page).not.toMatch(/<script|src=|href=|https?:/i);
    expect(PAGE_POLICY).toContain("default-src 'none'");
  });

  it('escapes what the link says', () => {
    expect(askingPage({ ...link, purpose: '<img src=x onerror="1">' })).not.toContain('<img');
  });

  it('offers to stop the sender, where the link names one', () => {
    expect(askingPage(link)).not.toContain('value="sender"');
    const page = askingPage({ ...link, sender: 'a&b@acme.example' });
    expect(page).toContain(
      '<button name="scope" value="sender" class="quiet">Stop all emails from a&amp;b@acme.example</button>',
    );
  });

  it('says nothing about the person', () => {
    for (const page of [askingPage(link), donePage()]) {
      expect(page).not.toContain(link.contactId);
      expect(page).not.toContain(link.tenantId);
    }
  });
});

describe('a POST to a link', () => {
  it.each([
    ['List-Unsubscribe=One-Click', 'one_click', 'this'],
    [
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      'one_click',
      'this',
    ],
    ['scope=this', 'page', 'this'],
    ['scope=sender', 'page', 'sender'],
    ['scope=everything', 'page', 'everything'],
    ['scope=nonsense', 'page', 'this'],
    ['', 'page', 'this'],
    ['{"any":"thing"}', 'page', 'this'],
  ])('with %j is %s', (body, source, scope) => {
    expect(readBody(body)).toEqual({ source, scope });
  });
});
