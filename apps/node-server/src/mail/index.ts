/** Mails: what the log has decided to tell is written and sent, and the outcome is logged. */
import path from 'node:path'
import type { NodeConfig } from '../config/node-config.ts'
import { folderMail } from './folder-mail.ts'
import type { MailPort } from './mail-port.ts'
import { smtpMail } from './smtp-mail.ts'

export type { MailPort } from './mail-port.ts'
export { sendNotices } from './notice-worker.ts'

/** Without a mail server mails stay in the node's folder, one file each. */
export function openMail(config: NodeConfig): MailPort {
  const { smtpUrl, mailFrom, dataFolder } = config
  return smtpUrl === undefined
    ? folderMail(path.join(dataFolder, 'mail'), mailFrom)
    : smtpMail({ url: smtpUrl, from: mailFrom })
}
