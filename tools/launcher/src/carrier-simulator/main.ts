import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EventLog } from '../outside/event-log.js';
import { serveLocally } from '../outside/local-http.js';
import { Exchange, type CallEvent } from './exchange.js';
import { carrierHttpApi } from './http-api.js';
import { Webhooks } from './webhooks.js';

/** Stands for a carrier: places calls that nobody hears, records them, and tells what became of them. */
const { values } = parseArgs({
  options: { data: { type: 'string' }, http: { type: 'string', default: '0' } },
});
if (!values.data) throw new Error('--data FOLDER is needed');

const log = await EventLog.open<CallEvent>(join(values.data, 'events.jsonl'));
const exchange = new Exchange(log, new Webhooks(process.env.CARRIER_WEBHOOK_SECRET));
const { server, port } = await serveLocally(Number(values.http), carrierHttpApi(exchange));
console.log(JSON.stringify({ msg: 'ready', http: port }));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    exchange.close();
    server.close(() => void log.close());
    server.closeAllConnections();
  });
}
