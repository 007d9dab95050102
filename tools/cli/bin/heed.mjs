#!/usr/bin/env node
// The command line. Runs from dist, like every program of Heed.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  console.error('heed: not built yet. Run: npm run build');
  process.exit(1);
}
await import(main.href);
