import { type ServerResponse } from 'node:http';
import PostalMime from 'postal-mime';
import { HttpProblem, sendJson, type HttpHandler, type HttpRequest } from '../outside/local-http.js';
import { parseFaults, type Faults } from './faults.js';
import { type Mailbox } from './mailbox.js';
import { inboxPage, messagePage } from './pages.js';

/**
 * Reading what arrived, for people (/, /view/ID) and programs:
 *   GET /messages?to=&intent=&after=&limit=   GET /messages/ID (as it came)   GET /messages/ID/parsed
 *   GET /stats   GET|PUT /faults   GET /health
 */
export function mailHttpApi(mailbox: Mailbox, faults: Faults): HttpHandler {
  return async (request, response) => {
    const { method, path } = request;
    const [first = '', id = '', last = ''] = path;
    if (method === 'PUT' && first === 'faults') return putFaults(request, response);
    if (method !== 'GET') throw new HttpProblem(405, 'GET, and PUT /faults');
    switch (`${first}/${id && 'ID'}/${last}`) {
      case '//':
        return sendPage(response, inboxPage(listOf(request), mailbox.counts));
      case 'health//':
        return sendJson(response, 200, { ok: true });
      case 'stats//':
        return sendJson(response, 200, mailbox.counts);
      case 'faults//':
        return sendJson(response, 200, faults.all);
      case 'messages//':
        return sendJson(response, 200, { messages: listOf(request) });
      case 'messages/ID/':
        response.writeHead(200, { 'content-type': 'message/rfc822' }).end(await bytesOf(id));
        return;
      case 'messages/ID/parsed':
        return sendJson(response, 200, await PostalMime.parse(await bytesOf(id)));
      case 'view/ID/':
        return sendPage(response, messagePage(id, await PostalMime.parse(await bytesOf(id))));
      default:
        throw new HttpProblem(404, 'nothing is here');
    }
  };

  function listOf({ url }: HttpRequest) {
    const given = (name: string) => url.searchParams.get(name) ?? undefined;
    const limit = Number(given('limit') ?? 100);
    if (!Number.isInteger(limit) || limit < 1) throw new HttpProblem(400, 'limit: a whole number above 0');
    return mailbox.find({ to: given('to'), intent: given('intent'), after: given('after'), limit });
  }

  /** By the index alone: what a caller sends never becomes part of a path. */
  async function bytesOf(id: string): Promise<Buffer> {
    const bytes = await mailbox.read(id);
    if (!bytes) throw new HttpProblem(404, 'no such message');
    return bytes;
  }

  async function putFaults(request: HttpRequest, response: ServerResponse): Promise<void> {
    const parsed = parseFaults(await request.json());
    if (typeof parsed === 'string') throw new HttpProblem(400, parsed);
    faults.replace(parsed);
    sendJson(response, 200, faults.all);
  }
}

function sendPage(response: ServerResponse, page: string): void {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      // Mails are written by whoever: no script of theirs runs, nothing is fetched.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
    })
    .end(page);
}
