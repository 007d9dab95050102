import { main } from '@heed/service';
import { contacts } from './service.js';

await main(contacts);
