export { contacts } from './service.js';
