import { type CarrierCall } from '../carrier/carrier.js';
import { type HeardWords } from '../speech/listening.js';
import { UNWANTED } from '../sip/hang-up-cause.js';

/** The key that means no, as calls say it everywhere. */
export const OPT_OUT_KEY = '9';

/** What was said in a call, or for an answer to it, and means no for good; or may, where its words are in doubt. */
export type Said = { key: string } | { sipStatus: number } | { words: HeardWords };

/** The number of a call, as its permit named it, and whose it was. */
export interface CalledNumber {
  contactId: string;
  endpointId: string | null;
  endpointHash: Buffer;
}

/** A no of the person in the call; while they are in it there is something to answer. */
export function noIn({ keys, words }: CarrierCall): Said | undefined {
  if (keys?.includes(OPT_OUT_KEY)) return { key: OPT_OUT_KEY };
  const said = words?.find(({ sense }) => sense === 'no');
  return said && { words: said };
}

export function doubtIn({ words }: CarrierCall): Said | undefined {
  const said = words?.find(({ sense }) => sense === 'doubt');
  return said && { words: said };
}

/** By the way in which their telephone refused the call. */
export function refusalIn({ endReason }: CarrierCall): Said | undefined {
  return endReason === 'unwanted' ? { sipStatus: UNWANTED } : undefined;
}
