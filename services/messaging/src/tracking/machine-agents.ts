/** What a program says of itself (`User-Agent`), and what that makes of a request. */
interface AgentRule {
  says: RegExp;
  who: string;
  /** Where it is written, or was seen. */
  source: string;
}

/**
 * Programs that fetch links and images by themselves and say who they are. Most scanners of mail servers do not: they
 * call themselves browsers, and are known by what they do (judge-engagements.ts) or where they come from
 * (HEED_TRACKING_NETWORKS_FILE). Only what a browser or mail program never says may stand here.
 */
export const MACHINE_AGENTS: readonly AgentRule[] = [
  {
    says: /barracuda|proofpoint|mimecast|ciscosecureemail|ironport|messagelabs|symantec|trendmicro|trend micro/i,
    who: 'filters of mail servers',
    source: 'names of their makers, as they stand in logs of links that were followed',
  },
  {
    says: /sophos|fortinet|fortimail|fortiguard|forcepoint|zscaler|checkpoint|paloalto|cloudmark|spamhaus|virustotal/i,
    who: 'filters of networks, and services that look at addresses',
    source: 'names of their makers, as they stand in logs of links that were followed',
  },
  {
    says: /safelinks|office existence discovery|bingpreview|skypeuripreview|ms search/i,
    who: 'Microsoft: Safe Links, Office looking whether a link exists, previews',
    source: 'the same',
  },
  {
    says: /(?<!cu)bot\b|crawl|spider|slurp|scanner|url ?check|link ?check|uptime|monitor/i,
    who: 'programs that call themselves a bot, a crawler or a scanner; not telephones of the maker Cubot',
    source: 'custom, older than mail in HTML',
  },
  {
    says: /facebookexternalhit|whatsapp\/|google web preview|preview\b/i,
    who: 'services that show a preview of a link',
    source: 'their makers’ pages for site owners',
  },
  {
    says: /headlesschrome|phantomjs|puppeteer|playwright|selenium|electron.*headless/i,
    who: 'browsers without a screen',
    source: 'what they say by default',
  },
  {
    says: /^(curl|wget|python|java|go-http-client|okhttp|libwww|lwp|ruby|php|node|undici|axios|guzzle|apache-http)/i,
    who: 'libraries that programs are written with',
    source: 'what they say by default',
  },
  {
    says: /python-requests|python-urllib|python-httpx|aiohttp|httpclient|node-fetch|winhttp/i,
    who: 'the same',
    source: 'what they say by default',
  },
];

/**
 * Programs that fetch the images of every message that arrives. Of Apple's Mail Privacy Protection it is known that its
 * proxy calls itself this and no more (help.socketlabs.com, "Identifying Apple MPP opens"; wordtothewise.com, September
 * 2021). The image proxies of Gmail and Yahoo are none: they fetch when somebody opens the message.
 */
const PREFETCHING = /^Mozilla\/5\.0$/;

/** What its program says of whoever asks for a link or an image. Nothing at all is what no browser says. */
export function agentEvidence(agent: string, kind: 'image' | 'link'): '' | 'agent' | 'prefetch' {
  const said = agent.trim();
  if (PREFETCHING.test(said)) return kind === 'image' ? 'prefetch' : 'agent';
  return said === '' || MACHINE_AGENTS.some(({ says }) => says.test(said)) ? 'agent' : '';
}
