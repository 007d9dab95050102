/** What the log needs of privacy's settings. */
export interface LogSettings {
  HEED_ENV: string;
  /** Ed25519 key of the log, apart from the service's own. */
  HEED_LOG_KEY_FILE: string;
  /** Name of the log in checkpoints and in its verifier keys; never changes in a log's life. */
  HEED_LOG_ORIGIN: string;
}

export const LOG_SETTINGS = Symbol('log settings');

/** Where the key lies that is to follow. */
export function nextKeyFile(file: string): string {
  return `${file}.next`;
}
