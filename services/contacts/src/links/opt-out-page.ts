import { escaped, page } from '@heed/http';
import { type OptOutLink } from './opt-out-token.js';

/** What a person sees who follows the link. Opening it changes nothing: scanners of mail open every link. */
export function askingPage({ channel, purpose, sender }: OptOutLink): string {
  const what = channel === 'email' ? 'emails' : 'calls';
  const ofSender = `<button name="scope" value="sender" class="quiet">Stop all ${what} from ${escaped(sender)}</button>\n`;
  return page(
    'Stop these messages?',
    `<p>You get ${what} about <strong>${escaped(purpose)}</strong>.</p>
<form method="post">
<button name="scope" value="this">Stop ${what} about ${escaped(purpose)}</button>
${sender === '' ? '' : ofSender}<button name="scope" value="everything" class="quiet">Never contact me again</button>
</form>
<p>It takes effect at once. You need not sign in.</p>`,
  );
}

export function donePage(): string {
  return page('Done', '<p>You will get no more of these messages.</p>');
}
