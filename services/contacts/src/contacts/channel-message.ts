import { typesV1 } from '@heed/contracts';
import { type Channel } from './address.js';

const NUMBERS: Record<Channel | '', typesV1.Channel> = {
  '': typesV1.Channel.CHANNEL_UNSPECIFIED,
  email: typesV1.Channel.CHANNEL_EMAIL,
  voice: typesV1.Channel.CHANNEL_VOICE,
};

export function numberOf(channel: Channel | ''): typesV1.Channel {
  return NUMBERS[channel];
}

/** Empty for unspecified, which means all. A number that is unknown here has been refused at the edge. */
export function channelOf(number: typesV1.Channel): Channel | '' {
  if (number === typesV1.Channel.CHANNEL_EMAIL) return 'email';
  return number === typesV1.Channel.CHANNEL_VOICE ? 'voice' : '';
}
