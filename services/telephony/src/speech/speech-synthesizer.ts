import { type Language } from './languages.js';

/** What a machine is to say. Filled with a person's name it is personal data, and so is its sound. */
export interface SpokenText {
  text: string;
  language: Language;
}

/** A voice. Throws where it says nothing: a call without its words is not placed. */
export interface SpeechSynthesizer {
  /** Samples of 8 kHz, 16 bit, one channel. */
  speak(spoken: SpokenText): Promise<Int16Array>;
}
