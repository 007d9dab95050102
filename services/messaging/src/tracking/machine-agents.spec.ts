import { describe, expect, it } from '@jest/globals';
import { agentEvidence } from './machine-agents.js';

describe('what a program says of itself', () => {
  it.each([
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.5.0',
    'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
    'Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
  ])('is a person’s in %j', (agent) => {
    expect(agentEvidence(agent, 'image')).toBe('');
    expect(agentEvidence(agent, 'link')).toBe('');
  });

  it.each([
    '',
    '   ',
    'curl/8.5.0',
    'python-requests/2.32.3',
    'Go-http-client/1.1',
    'Java/17.0.9',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
    'Mozilla/5.0 Microsoft Office Existence Discovery',
    'Barracuda Sentinel (EE)',
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  ])('is a machine’s in %j', (agent) => {
    expect(agentEvidence(agent, 'link')).toBe('agent');
  });

  it('is a mail program’s that fetches every image, where it is no more than this', () => {
    expect(agentEvidence('Mozilla/5.0', 'image')).toBe('prefetch');
    expect(agentEvidence('Mozilla/5.0', 'link')).toBe('agent');
  });
});
