// Reporter of Jest: names the log of a spec file that failed, and removes those of the others.
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { keptLog, keptLogs } from './kept-log.mjs';

const run = String(process.pid);

export default class NameKeptLogs {
  onTestResult(test, result) {
    const log = keptLog(run, test.path);
    if (!existsSync(log)) return;
    if (result.numFailingTests > 0 || result.testExecError) console.error(`  Its log: ${log}\n`);
    else rmSync(log);
  }

  onRunComplete() {
    const folder = keptLogs(run);
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
