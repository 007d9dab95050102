import { main } from '@heed/service';
import { messaging } from './service.js';

await main(messaging);
