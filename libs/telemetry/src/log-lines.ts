type Write = (line: string) => void;

let write: Write = (line) => void process.stdout.write(line);

/** Where the lines of every logger go that has no `write` of its own. */
export function writeLogLine(line: string): void {
  write(line);
}

/** A run of specs keeps them in a file (libs/testing/keep-logs.mjs); a service leaves them on standard output. */
export function sendLogLines(to: Write): void {
  write = to;
}
