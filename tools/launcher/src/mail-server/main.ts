import { parseArgs } from 'node:util';
import { serveLocally } from '../outside/local-http.js';
import { Faults } from './faults.js';
import { mailHttpApi } from './http-api.js';
import { Mailbox } from './mailbox.js';
import { smtpServer } from './smtp.js';

/** A mail server for one machine: keeps what it gets, tells when, and can be told to misbehave. */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    smtp: { type: 'string', default: '0' },
    http: { type: 'string', default: '0' },
  },
});
if (!values.data) throw new Error('--data FOLDER is needed');

const mailbox = await Mailbox.open(values.data);
const faults = new Faults();
const smtp = smtpServer(mailbox, faults);
const { server: http, port: httpPort } = await serveLocally(
  Number(values.http),
  mailHttpApi(mailbox, faults),
);
await new Promise<void>((resolve, reject) => {
  smtp.server.once('error', reject);
  smtp.listen(Number(values.smtp), '127.0.0.1', resolve);
});
console.log(JSON.stringify({ msg: 'ready', smtp: smtp.server.address(), http: httpPort }));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    http.close();
    http.closeAllConnections();
    smtp.close(() => void mailbox.close());
  });
}
