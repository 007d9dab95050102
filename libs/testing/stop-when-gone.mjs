// Run detached beside a test run: when the run is over, however it ended, the part it started ends too.
// Arguments: pid of the run, pid of the part, signal, folders to remove afterwards.
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [run, part] = process.argv.slice(2, 4).map(Number);
const [signal, ...folders] = process.argv.slice(4);

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

while (alive(run) && alive(part)) await pause(300);
if (alive(part)) process.kill(part, signal);
for (let waited = 0; alive(part) && waited < 10_000; waited += 50) await pause(50);
if (alive(part)) process.kill(part, 'SIGKILL');
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
