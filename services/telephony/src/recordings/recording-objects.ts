import { declareStore } from '@heed/data-map';
import { RECORDINGS } from './recording.js';

/** What was said in calls, sealed under the called person's key. */
export const recordings = declareStore({
  kind: 'object',
  name: RECORDINGS,
  description: 'Recordings of calls',
  categories: ['user.biometric.voice', 'user.content.private'],
  sealed: true,
});
