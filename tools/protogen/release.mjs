// npm run proto:release: makes today's contracts the baseline that `buf breaking` compares with.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const baseline = join(root, 'proto/baseline/heed.binpb');
mkdirSync(dirname(baseline), { recursive: true });
copyFileSync(join(root, 'libs/contracts/descriptors/heed.binpb'), baseline);
console.log(`baseline renewed: ${baseline}`);
