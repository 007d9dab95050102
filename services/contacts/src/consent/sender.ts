import { derivedId, invalidArgument } from '@heed/kernel';
import { type Channel } from '../contacts/address.js';
import { type Scope } from './consent.js';

/**
 * A sender is who its recipients see: the address in From, or the number that calls. What is written in capitals is the
 * same sender.
 */
export function senderOf(text: string): string {
  return text.toLowerCase();
}

/** What others learn of a sender: an address has no place in an event. */
export function senderId(tenantId: string, sender: string): string {
  return sender === '' ? '' : derivedId(tenantId, 'sender', sender);
}

/** The scope that a request names. A sender implies its channel: nobody calls from an address of mail. */
export function scopeWithSender(channel: Channel | '', purpose: string, text: string): Scope {
  const sender = senderOf(text);
  if (sender === '') return { channel, purpose, sender };
  const own: Channel = sender.includes('@') ? 'email' : 'voice';
  if (channel !== '' && channel !== own)
    throw invalidArgument({ field: 'sender', reason: 'SENDER_OF_OTHER_CHANNEL' });
  return { channel: own, purpose, sender };
}
