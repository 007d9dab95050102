import SMTPConnection from 'nodemailer/lib/smtp-connection';

export interface OutsideMail {
  from: string;
  to: string;
  raw: string;
}

/** What somebody's mail server does: brings a mail to ours. */
export async function bringMail(port: number, { from, to, raw }: OutsideMail): Promise<void> {
  const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect((error?: Error) => (error ? reject(error) : resolve()));
    });
    await new Promise<void>((resolve, reject) =>
      connection.send({ from, to: [to] }, Buffer.from(raw), (error) => (error ? reject(error) : resolve())),
    );
  } finally {
    connection.close();
  }
}

/** SPEC: RFC 3464. To the address under which the message was sent; from nobody, so that nothing answers it. */
export function nonDelivery(bounceAddress: string, address: string): OutsideMail {
  const [, domain = 'people.test'] = address.split('@');
  return {
    ...{ from: '', to: bounceAddress },
    raw: [
      `From: MAILER-DAEMON@mx.${domain}`,
      'Subject: Undelivered Mail Returned to Sender',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
      '',
      '--b1',
      'Content-Type: text/plain',
      '',
      'I am sorry: nobody has this address any more.',
      '',
      '--b1',
      'Content-Type: message/delivery-status',
      '',
      `Reporting-MTA: dns; mx.${domain}`,
      '',
      `Final-Recipient: rfc822; ${address}`,
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 No such mailbox',
      '',
      '--b1--',
      '',
    ].join('\r\n'),
  };
}
