import { typesV1 } from '@heed/contracts';
import { type Channel } from './campaign.js';

const CODES: Record<Channel, typesV1.Channel> = {
  email: typesV1.Channel.CHANNEL_EMAIL,
  voice: typesV1.Channel.CHANNEL_VOICE,
};

export function channelCode(channel: Channel): typesV1.Channel {
  return CODES[channel];
}

/** Undefined for an unspecified channel. */
export function channelOf(code: typesV1.Channel): Channel | undefined {
  return (Object.keys(CODES) as Channel[]).find((channel) => CODES[channel] === code);
}
