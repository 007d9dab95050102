import { describe, expect, it } from '@jest/globals';
import { dataHtml, type AccessData } from './data-html.js';

const data: AccessData = {
  request: 'r',
  subject: 's',
  collected_at: '2026-11-24T10:00:00.000Z',
  sections: [
    {
      service: 'contacts',
      store: 'contacts.contact',
      rows: [{ first_name: 'Ada <script>alert(1)</script>' }],
    },
  ],
  attachments: [
    {
      service: 'telephony',
      store: 'telephony.recordings',
      name: '1',
      mediaType: 'audio/wav',
      file: 'attachments/telephony.recordings/1.wav',
    },
  ],
  not_included: [],
};

describe('the readable access package', () => {
  it('shows what is held and runs nothing of it', () => {
    const html = dataHtml(data);
    expect(html).toContain('Ada &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script');
    expect(html).toContain('href="attachments/telephony.recordings/1.wav"');
  });

  it('asks nothing of the network, and knows light and dark', () => {
    const html = dataHtml(data);
    expect(html).not.toMatch(/https?:|src=|@import|url\(/);
    expect(html).toContain('prefers-color-scheme: dark');
  });

  it('names what other services may hold, and does not say then that this is all', () => {
    const html = dataHtml({ ...data, not_included: ['loyalty.member'] });
    expect(html).toContain('<li>loyalty.member</li>');
    expect(html).not.toContain('All that is held about you');
    expect(dataHtml(data)).not.toContain('Not included');
  });

  it('says so where nothing is held', () => {
    expect(dataHtml({ ...data, sections: [], attachments: [] })).toContain('Nothing is held about you.');
  });
});
