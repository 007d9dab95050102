export { frameSettings, SETTINGS, type FrameSettings } from './frame-settings.js';
export { type Copy, type CopyKind } from './copies.js';
export { type Processor } from './processors.js';
export { frameRules } from './frame-rules.js';
export { loadSettings, type SettingsRule } from './load-settings.js';
export {
  databasePasswords,
  grpcTargetOf,
  listenAddress,
  settingsTable,
  type ListenAddress,
  type SettingsRow,
} from './views.js';
