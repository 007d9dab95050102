import { type Language } from './languages.js';
import { type Sense } from './spoken-no.js';

/** What was understood of one utterance. */
export interface Understood {
  sense: Sense;
  /** The words of each reading, which differ where it is not sure. Of a person: kept sealed, or not at all. */
  readings: string[];
}

/** Listens for a no, and understands little else. Throws where it understood nothing because something failed. */
export interface SpeechRecognizer {
  readonly languages: ReadonlySet<Language>;
  /** Samples of 8 kHz, of one utterance. */
  hear(utterance: Int16Array): Promise<Understood>;
  close?(): void;
}
