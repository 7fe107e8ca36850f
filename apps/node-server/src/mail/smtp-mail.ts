import { createTransport } from 'nodemailer'
import { messageOf } from './mail-message.ts'
import { type Mail, MailDelayedError, type MailPort, MailRefusedError } from './mail-port.ts'

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string
  readonly from: string
  /** The server does not answer within this time: tried again later. */
  readonly answerWithinMs?: number
}

export function smtpMail({ url, from, answerWithinMs = 15_000 }: SmtpOptions): MailPort {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: answerWithinMs,
    greetingTimeout: answerWithinMs,
    socketTimeout: answerWithinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(mail: Mail) {
      try {
        const { response } = await transport.sendMail(messageOf(mail, from))
        return response
      } catch (error) {
        throw meaning(error)
      }
    },
    close: () => transport.close(),
  }
}

/** 5xx is the server's last word about a mail, 4xx is not; about a login or a connection it is about none. */
function meaning(error: unknown): unknown {
  const {
    responseCode = 0,
    code,
    message,
  } = error as Error & {
    readonly responseCode?: number
    readonly code?: string
  }
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return error
  if (responseCode >= 500 || responseCode === 0) return new MailRefusedError(message)
  return new MailDelayedError(message)
}
