/** A line of the mail server's log: what truly arrived, for whoever counts it. */
export interface MailEvent {
  /**
   * `rcpt`: RCPT TO was read, the moment an attempt begins. `data-end`: the final dot was read. `aborted`: the connection ended before the final dot. `refused`: the server said no.
   */
  event: 'rcpt' | 'data-end' | 'aborted' | 'refused';
  /** Wall time in milliseconds, with a fraction. */
  at: number;
  /** Of the mail transaction: the same in `rcpt` and in what follows it. */
  id: string;
  /** One line per recipient. */
  to: string;
  from?: string;
  intent?: string;
  messageId?: string;
  subject?: string;
  bytes?: number;
  code?: number;
  /** Of `data-end`: whether the message was taken. */
  kept?: boolean;
  /** Of a message that was taken: its file, under the folder `messages`. */
  file?: string;
}
