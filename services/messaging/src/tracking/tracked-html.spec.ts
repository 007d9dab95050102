import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { parseTemplate, renderEmail } from '@heed/templates';
import { MESSAGE_MARK, trackedHtml, type TrackedLink } from './tracked-html.js';
import { encodeMessage, MOST_LINKS, SEAL_BYTES, tokenOf } from './tracking-token.js';

const TRAP = 'https://t.test/c/trap';
const IMAGE = 'https://t.test/o/image';

function tracked(html: string, change: { opens?: boolean; clicks?: boolean } = {}) {
  const links: TrackedLink[] = [];
  const made = trackedHtml(html, {
    ...{ opens: false, clicks: true, image: IMAGE, trap: TRAP },
    through: (link) => {
      links.push(link);
      return `https://t.test/c/${link.link}`;
    },
    ...change,
  });
  return { made, links, urls: links.map(({ url }) => url) };
}

describe('the HTML of a template that tracks clicks', () => {
  it('has its links lead through us, and is otherwise as it was written', () => {
    const { made, links } = tracked(
      '<p class="x">See <A HREF=\'https://a.test/b\'>this</A>, {{ first_name }}</p>',
    );
    expect(made).toMatch(
      /^<p class="x">See <A HREF='https:\/\/t\.test\/c\/1'>this<\/A>, \{\{ first_name \}\}<\/p><a /,
    );
    expect(links).toEqual([{ link: 1, of: 1, url: 'https://a.test/b' }]);
  });

  it('numbers them, areas of maps among them', () => {
    const { made, links } = tracked(
      '<a href="http://a.test">a</a><area href="http://b.test/"><link href="http://c.test">',
    );
    expect(links).toEqual([
      { link: 1, of: 2, url: 'http://a.test/' },
      { link: 2, of: 2, url: 'http://b.test/' },
    ]);
    expect(made).toContain('<link href="http://c.test">');
  });

  it.each([
    ['the one that unsubscribes', '<a href="{{ opt_out_url }}">no</a>'],
    ['one with a field of the contact in it', '<a href="https://a.test/?c={{ country }}">x</a>'],
    ['one that a tag decides on', '<a href="{% if country %}https://a.test{% endif %}">x</a>'],
    ['an unquoted one that a field goes on with', '<a href=https://a.test/{{ country }}>x</a>'],
    ['a mail', '<a href="mailto:a@b.test">x</a>'],
    ['a telephone number', '<a href="tel:+1415">x</a>'],
    ['a script', '<a href="javascript:alert(1)">x</a>'],
    ['data', '<a href="data:text/html,x">x</a>'],
    ['a place in the text', '<a href="#top">x</a>'],
    ['one without a host', '<a href="/path">x</a>'],
    ['one that takes its scheme from the page', '<a href="//a.test/">x</a>'],
    ['one with a password in it', '<a href="https://a:b@c.test/">x</a>'],
    ['one that is no address', '<a href="https://">x</a>'],
    ['one with an entity that is not for sure', '<a href="https://a.test/?a&copy;b">x</a>'],
    ['one that is too long', `<a href="https://a.test/${'x'.repeat(2_000)}">x</a>`],
    ['one in a comment', '<!-- <a href="https://a.test">x</a> -->'],
    ['one in a script', '<script>"<a href=\'https://a.test\'>"</script>'],
    ['one in Liquid’s raw', '{% raw %}<a href="https://a.test">x</a>{% endraw %}'],
    ['one in Liquid’s comment', '{%- comment -%}<a href="https://a.test">x</a>{%- endcomment -%}'],
    ['one in a text of Liquid', '{{ \'<a href="https://a.test">\' }}'],
  ])('leaves as it was %s', (_, html) => {
    expect(tracked(html)).toEqual({ made: html, links: [], urls: [] });
  });

  it.each([
    ['https://a.test/?a=1&amp;b=2', 'https://a.test/?a=1&b=2'],
    ['https://a.test/?a=1&b=2', 'https://a.test/?a=1&b=2'],
    ['https://a.test/?a=1&#38;copy=2', 'https://a.test/?a=1&copy=2'],
    [' https://a.test/ä\n', 'https://a.test/%C3%A4'],
    ['HTTPS://Ä.test', 'https://xn--4ca.test/'],
    ['https://a.test/#{x}', 'https://a.test/#{x}'],
  ])('takes %j for what a browser takes it for', (attribute, url) => {
    expect(tracked(`<a href="${attribute}">x</a>`).urls).toEqual([url]);
  });

  it('leaves to themselves those that are too many', () => {
    const { links } = tracked('<a href="https://a.test">x</a>'.repeat(MOST_LINKS + 1));
    expect(links).toHaveLength(MOST_LINKS);
  });

  it('has a link that no person comes upon, where it has others', () => {
    const { made } = tracked('<body><a href="https://a.test">x</a></BODY>');
    expect(made).toMatch(
      /<a href="https:\/\/t\.test\/c\/trap" style="display:none" aria-hidden="true" tabindex="-1"/,
    );
    expect(made.endsWith('</a></BODY>')).toBe(true);
  });
});

describe('the HTML of a template that tracks opens', () => {
  it('has an image at its end and no link that leads through us', () => {
    const html = '<body><a href="https://a.test">x</a></body>';
    const { made, links } = tracked(html, { opens: true, clicks: false });
    expect(links).toEqual([]);
    expect(made).toMatch(
      /x<\/a><img src="https:\/\/t\.test\/o\/image" width="1" height="1" alt=""[^>]*><\/body>$/,
    );
  });

  it('is not touched where nothing is tracked', () => {
    const html = '<a href="https://a.test">x</a>';
    expect(tracked(html, { clicks: false }).made).toBe(html);
  });
});

it('rewriting leaves the footer alone, whose link unsubscribes', () => {
  const htmlBody = tracked('<body><a href="https://a.test">x</a></body>', { opens: true }).made;
  const optOutUrl = 'https://heed.test/u/token';
  const template = parseTemplate({ ...TEXTS, htmlBody });
  expect(renderEmail({ template, fields: {}, optOutUrl }).html).toContain(
    `<a href="${optOutUrl}">Unsubscribe</a>`,
  );
});

it('the mark of a message is as long as its token', () => {
  const bytes = encodeMessage({ tenantId: newId(), attemptId: newId() });
  expect(tokenOf(bytes, Buffer.alloc(SEAL_BYTES))).toHaveLength(MESSAGE_MARK.length);
});

const TEXTS = { subject: 'a', textBody: 'a', senderName: 'Acme', postalAddress: '1 Main Street' };
