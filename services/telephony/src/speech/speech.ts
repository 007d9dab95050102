import { type SpeechRecognizer } from './speech-recognizer.js';
import { type SpeechSynthesizer } from './speech-synthesizer.js';

/** What speaks in calls over a trunk, and what understands words in them. */
export class Speech {
  /** Absent: scripts cannot be said, and calls that have one are not placed. */
  synthesizer?: SpeechSynthesizer;
  /** Absent: keys alone are understood. */
  recognizer?: SpeechRecognizer;
}
