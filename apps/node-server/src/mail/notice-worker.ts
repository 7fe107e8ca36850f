import {
  findAccount,
  findBooking,
  findRun,
  info,
  type NoticeView,
  noticesOn,
  type Outcome,
  pendingNotices,
} from '@quorail/booking-fsm'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { type LeaderJob, pause } from '../host/leader-work.ts'
import type { NodeHost } from '../host/types.ts'
import { MailDelayedError, type MailPort, MailRefusedError } from './mail-port.ts'
import { factsOf } from './notice-facts.ts'
import { mailText } from './notice-texts.ts'

export interface NoticeWorkerOptions {
  readonly host: NodeHost
  readonly mail: MailPort
  readonly log: { warn(fields: object, message: string): void }
  /** After so many failures in a row a notice is given up. */
  readonly attempts?: number
  /** After the first failure; each further one waits twice as long, at most an hour. */
  readonly pauseFirstMs?: number
  /** How often the leader looks when nobody tells it of a change. */
  readonly lookEveryMs?: number
}

interface Failure {
  readonly attempts: number
  readonly notBeforeMs: number
}

const atOnce = 20
const mostPauseMs = 60_000
const resetTtlMs = 3_600_000
const monthMs = 2_592_000_000
/** 400 days. */
const mostLinkMs = 34_560_000_000
const linked: ReadonlySet<string> = new Set([
  'bookingConfirmed',
  'latePaymentAccepted',
  'guestLink',
])

/**
 * Sends what the log has decided to tell, oldest first, and logs what became of it. A mail may go out
 * twice when a leader dies between the mail server's word and the log's: it has the same Message-ID.
 */
export function sendNotices(options: NoticeWorkerOptions): LeaderJob {
  const { host, lookEveryMs = 1_000 } = options
  return async (signal) => {
    const failures = new Map<number, Failure>()
    let inVain = 0
    while (!signal.aborted) {
      try {
        await switchOn(host)
        if (!(await sendSome(options, failures, signal))) await pause(lookEveryMs, signal)
        inVain = 0
      } catch (error) {
        // Nobody to give mails to, or no log to write to: that is no mail's fault.
        if (signal.aborted) return
        options.log.warn({ error: String(error) }, 'mails can not be sent now; tried again')
        await pause(Math.min(lookEveryMs * 2 ** inVain++, mostPauseMs), signal)
      }
    }
  }
}

/** A cluster with a way to send mails collects what there is to send. */
async function switchOn(host: NodeHost): Promise<void> {
  if (noticesOn(host.state) || info(host.state).featureLevel < 2) return
  const command = { type: 'switchNotices', on: true } as const
  await host.submit({ actor: 0, key: undefined, command })
}

/** False when there was nothing that could be done now. */
async function sendSome(
  { host, mail, log, attempts = 8, pauseFirstMs = 5_000 }: NoticeWorkerOptions,
  failures: Map<number, Failure>,
  signal: AbortSignal,
): Promise<boolean> {
  const due = pendingNotices(host.state, atOnce + failures.size).filter(
    ({ noticeId }) => (failures.get(noticeId)?.notBeforeMs ?? 0) <= host.nowMs(),
  )
  if (due.length === 0) return false
  // A node that stood still may have been replaced, and its notices be sent.
  await host.settleRead()
  for (const notice of due) {
    if (signal.aborted) return true
    try {
      await record(host, notice, await send(host, mail, notice))
      failures.delete(notice.noticeId)
    } catch (error) {
      if (!(error instanceof MailDelayedError)) throw error
      const tried = (failures.get(notice.noticeId)?.attempts ?? 0) + 1
      const about = {
        noticeId: notice.noticeId,
        kind: notice.kind,
        error: printable(String(error)),
      }
      log.warn(about, 'a mail could not be sent')
      if (tried >= attempts) {
        const reason = `given up after ${tried} attempts: ${printable(String(error))}`
        await record(host, notice, { type: 'refused', reason })
        failures.delete(notice.noticeId)
      } else {
        const waitMs = Math.min(pauseFirstMs * 2 ** (tried - 1), 3_600_000)
        failures.set(notice.noticeId, { attempts: tried, notBeforeMs: host.nowMs() + waitMs })
      }
    }
  }
  return true
}

async function send(host: NodeHost, mail: MailPort, notice: NoticeView): Promise<Outcome> {
  const facts = factsOf(host.state, notice)
  if (facts === undefined) return { type: 'refused', reason: 'nobody to tell any more' }
  const resetCode =
    notice.kind === 'passwordReset' ? await grantReset(host, notice.accountId) : undefined
  const guestLink = await grantGuestLink(host, notice)
  const { subject, text } = mailText(notice.kind, { ...facts, resetCode, guestLink })
  try {
    const taken = await mail.send({ key: notice.key, to: facts.to, subject, text })
    return { type: 'done', providerReference: printable(taken) || 'taken' }
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    return { type: 'refused', reason: printable(error.message) }
  }
}

/** The secret is made with the mail: the log has its hash before the mail goes out. */
async function grantReset(host: NodeHost, accountId: number): Promise<string> {
  const token = newSessionToken()
  const granted = { accountId, tokenHash: tokenHash(token), ttlMs: resetTtlMs }
  const command = { type: 'grantPasswordReset', ...granted } as const
  await host.submit({ actor: 0, key: undefined, command })
  return `${accountId}.${token}`
}

/** In what confirms a guest's purchase, and when it was asked for: each takes the place of the one before. */
async function grantGuestLink(host: NodeHost, notice: NoticeView): Promise<string | undefined> {
  const { kind, accountId, bookingId } = notice
  if (!linked.has(kind) || findAccount(host.state, accountId)?.role !== 'guest') return undefined
  const link = newSessionToken()
  const ttlMs = linkTtlMs(host, bookingId)
  const granted = { accountId, linkHash: tokenHash(link), ttlMs }
  await host.submit({ actor: 0, key: undefined, command: { type: 'grantGuestLink', ...granted } })
  return `${accountId}.${link}`
}

/** Until a month after the journey. */
function linkTtlMs(host: NodeHost, bookingId: number): number {
  const booking = findBooking(host.state, bookingId)
  const last = booking?.tripBookingIds.at(-1) ?? bookingId
  const leg = findBooking(host.state, last)
  const run = leg && findRun(host.state, leg.runId)
  const arrivalMs = run?.stops[leg?.toStop ?? 0]?.arrivalMs ?? host.nowMs()
  return Math.min(Math.max(arrivalMs - host.nowMs(), 0) + monthMs, mostLinkMs)
}

/** Recording twice is refused by the state machine: somebody else was faster. */
async function record(host: NodeHost, { noticeId }: NoticeView, outcome: Outcome): Promise<void> {
  await host.submit({
    actor: 0,
    key: undefined,
    command: { type: 'recordNotice', noticeId, outcome },
  })
}

/**
 * As the log takes it: without control characters, of bounded length, and without addresses, which mail servers like to
 * repeat: what stands in the log outlives who is forgotten.
 */
function printable(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(/[^\s<>()"',;:]+@[^\s<>()"',;:]+/g, '(address)')
    .trim()
    .slice(0, 250)
}
