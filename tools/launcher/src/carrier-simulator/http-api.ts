import { type ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { pipeline } from 'node:stream/promises';
import { HttpProblem, sendJson, type HttpHandler, type HttpRequest } from '../outside/local-http.js';
import { parseBehaviours, parseCallRequest, type Call } from './call.js';
import { type Exchange } from './exchange.js';
import { recording, recordingSize } from './recording.js';

/**
 *   POST /calls {call_id, to, from, script, webhook_url?} → 201, 200 for the same call again
 *   GET /calls?to=   GET /calls/ID   DELETE /calls/ID (hang up)   GET|DELETE /calls/ID/recording
 *   GET|PUT /behaviours [{to, outcome, ring_ms, talk_ms, keys?, press_ms?}]   GET /health
 */
export function carrierHttpApi(exchange: Exchange): HttpHandler {
  return async (request, response) => {
    const { method, path } = request;
    const [first = '', id = '', last = ''] = path;
    switch (`${method} ${first}/${id && 'ID'}/${last}`) {
      case 'GET //':
      case 'GET health//':
        return sendJson(response, 200, { ok: true });
      case 'POST calls//':
        return placeCall(request, response);
      case 'GET calls//':
        return sendJson(response, 200, {
          calls: exchange.calls(request.url.searchParams.get('to') ?? undefined),
        });
      case 'GET calls/ID/':
        return sendJson(response, 200, known(exchange.call(id)));
      case 'DELETE calls/ID/':
        return sendJson(response, 200, known(exchange.hangUp(id)));
      case 'GET calls/ID/recording':
        return sendRecording(id, response);
      case 'DELETE calls/ID/recording':
        known(exchange.call(id));
        exchange.noteRecording(id, 'recording-deleted');
        response.writeHead(204).end();
        return;
      case 'GET behaviours//':
        return sendJson(response, 200, exchange.behaviours);
      case 'PUT behaviours//': {
        const parsed = parseBehaviours(await request.json());
        if (typeof parsed === 'string') throw new HttpProblem(400, parsed);
        exchange.behave(parsed);
        return sendJson(response, 200, exchange.behaviours);
      }
      default:
        throw new HttpProblem(404, 'nothing is here');
    }
  };

  function known(call: Call | undefined): Call {
    if (!call) throw new HttpProblem(404, 'no such call');
    return call;
  }

  async function placeCall(request: HttpRequest, response: ServerResponse): Promise<void> {
    const parsed = parseCallRequest(await request.json());
    if (typeof parsed === 'string') throw new HttpProblem(400, parsed);
    const { call_id, to, from, script, webhook_url } = parsed;
    const before = exchange.call(call_id);
    if (!before) return sendJson(response, 201, exchange.invite(parsed));
    const same = isDeepStrictEqual(
      [before.to, before.from, before.script, before.webhook_url],
      [to, from, script, webhook_url],
    );
    if (!same) throw new HttpProblem(409, 'another call has this call_id');
    sendJson(response, 200, before);
  }

  async function sendRecording(id: string, response: ServerResponse): Promise<void> {
    const call = known(exchange.call(id));
    const durationMs = exchange.recordedMs(id);
    if (durationMs === undefined) {
      throw new HttpProblem(
        404,
        call.state === 'ended' ? 'this call has no recording' : 'the call has not ended',
      );
    }
    exchange.noteRecording(id, 'recording-read');
    response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': recordingSize(durationMs) });
    await pipeline(recording(id, durationMs), response);
  }
}
