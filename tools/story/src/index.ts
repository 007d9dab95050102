export { playStory } from './play.js';
export { type Report } from './report.js';
