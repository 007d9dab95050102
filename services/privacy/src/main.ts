import { main } from '@heed/service';
import { privacy } from './service.js';

await main(privacy);
