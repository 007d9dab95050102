import { main } from '@heed/service';
import { identity } from './service.js';

await main(identity);
