/**
 * What Heed itself writes, in one language: plain text, with variables as templates have them. Each language says all of it.
 */
export interface SystemTexts {
  /** An opt-out was heard. `what` is made of the words for messages below. */
  optOutSubject: string;
  optOutHeard: string;
  optOutWhy: string;
  /** What was switched off. */
  emails: string;
  messages: string;
  /** `{kind}`: one of the two. */
  declinable: string;
  /** `{kind}` and `{purpose}`. */
  about: string;
  /** Whether a form was filled in by who owns the address. */
  signUpSubject: string;
  signUpAsk: string;
  signUpButton: string;
  signUpOtherwise: string;
}
