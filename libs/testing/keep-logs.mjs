// Logs of code under test go to a file: a run that passes is quiet, and one that fails names the file
// (name-kept-logs.mjs). HEED_TEST_LOG=1 shows them as they come. A logger with a `write` of its own is left alone,
// and so are programs that a spec starts.
import { appendFileSync, mkdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import { sendLogLines } from '@heed/telemetry/log-lines';
import { keptLog, keptLogs } from './kept-log.mjs';

const run = process.env.HEED_TEST_RUN;
if (run && !process.env.HEED_TEST_LOG) {
  const file = keptLog(run, expect.getState().testPath);
  mkdirSync(keptLogs(run), { recursive: true });
  // At once and not by a stream: the last line before a crash is the one that is wanted.
  sendLogLines((line) => appendFileSync(file, line));
}
