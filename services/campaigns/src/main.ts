import { main } from '@heed/service';
import { campaigns } from './service.js';

await main(campaigns);
