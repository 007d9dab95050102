export interface MessageHead {
  intent?: string;
  messageId?: string;
  subject?: string;
}

const headLimit = 64 << 10;

/** The few header fields that the log names; folded lines are joined, the body is not looked at. */
export function messageHead(message: Buffer): MessageHead {
  const end = message.indexOf('\r\n\r\n');
  const text = message.toString('latin1', 0, Math.min(end < 0 ? message.length : end, headLimit));
  const head: MessageHead = {};
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).trim();
    switch (line.slice(0, colon).toLowerCase()) {
      case 'x-heed-intent':
        head.intent = value;
        break;
      case 'message-id':
        head.messageId = value;
        break;
      case 'subject':
        head.subject = value;
        break;
    }
  }
  return head;
}
