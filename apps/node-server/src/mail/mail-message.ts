import type { SendMailOptions } from 'nodemailer'
import type { Mail } from './mail-port.ts'

/** The Message-ID is the notice's own: sent twice, it is one mail to most readers. */
export function messageOf({ key, to, subject, text }: Mail, from: string): SendMailOptions {
  const domain = /@([^@<>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    messageId: `<${key}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}
