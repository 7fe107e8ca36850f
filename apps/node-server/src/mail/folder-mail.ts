import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import { messageOf } from './mail-message.ts'
import type { MailPort } from './mail-port.ts'

/** Writes each mail as `KEY.eml`, to be opened with any mail program. Writing one again replaces it. */
export function folderMail(folder: string, from: string): MailPort {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    async send(mail) {
      const { message } = await transport.sendMail(messageOf(mail, from))
      await mkdir(folder, { recursive: true })
      const file = path.join(folder, `${mail.key}.eml`)
      await writeFile(`${file}.part`, message as Buffer)
      await rename(`${file}.part`, file)
      return `written to ${path.basename(file)}`
    },
    close: () => transport.close(),
  }
}
