import { main } from '@heed/service';
import { telephony } from './service.js';

await main(telephony);
