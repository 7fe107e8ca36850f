import { bookingsOf, type Command, findAccountByEmail, type Reply } from '@quorail/booking-fsm'
import { hashPassword } from '../auth/passwords.ts'
import { newSessionToken } from '../auth/sessions.ts'
import type { LeaderJob } from '../host/leader-work.ts'
import type { NodeHost } from '../host/types.ts'
import { demoCommands, demoFillPlan } from '../timetable/demo-timetable.ts'
import { fillRun } from './fill-run.ts'
import type { DemoLogins } from './logins.ts'

/** Buys the seats that make tomorrow's popular trains full. Nobody knows its password. */
export const trafficEmail = 'traffic@demo.quorail.example'
const traffic = 'Demo traffic'
const resumableMs = 3_600_000

export interface DemoOptions {
  readonly host: NodeHost
  readonly logins: DemoLogins
  readonly paymentUrl: string
  readonly timeZone: string
}

/**
 * Gives an empty cluster the demo's timetable, accounts and sales, through the log like everybody.
 * Every step has a request key, so that a new leader goes on where the old one died.
 */
export function seedDemo(options: DemoOptions): LeaderJob {
  const { host, logins, timeZone } = options
  return async (signal) => {
    const timetableDone = findAccountByEmail(host.state, trafficEmail) !== undefined
    await account(host, logins.staff, 'Sam Staff', 'staff')
    await account(host, logins.passenger, 'Pat Passenger', 'passenger')
    if (!timetableDone) {
      const commands = demoCommands({ nowMs: host.nowMs(), timeZone })
      for (const [step, command] of commands.entries()) {
        if (signal.aborted) return
        await keyed(host, `timetable-${step}`, command)
      }
      await account(
        host,
        { email: trafficEmail, password: newSessionToken() },
        traffic,
        'passenger',
      )
    }
    await sell(options, signal)
  }
}

async function sell({ host, paymentUrl, timeZone }: DemoOptions, signal: AbortSignal) {
  const buyer = findAccountByEmail(host.state, trafficEmail)
  if (buyer === undefined) return
  const first = bookingsOf(host.state, buyer.accountId, 1_000).at(-1)
  const nowMs = first?.heldAtMs ?? host.nowMs()
  if (host.nowMs() - nowMs > resumableMs) return
  for (const fill of demoFillPlan({ nowMs, timeZone })) {
    await fillRun({ host, paymentUrl, buyer: buyer.accountId, fill, signal })
  }
}

async function account(
  host: NodeHost,
  { email, password }: { readonly email: string; readonly password: string },
  displayName: string,
  role: 'passenger' | 'staff',
): Promise<void> {
  if (findAccountByEmail(host.state, email) !== undefined) return
  const passwordHash = await hashPassword(password)
  await keyed(host, `account-${role}-${email}`, {
    type: 'registerAccount',
    email,
    displayName,
    passwordHash,
    role,
  })
}

async function keyed(host: NodeHost, step: string, command: Command): Promise<Reply> {
  const key = { principal: 'p:demo', method: 'SeedDemo', requestId: step, contentHash: '0' }
  const { reply } = await host.submit({ actor: 0, key, command })
  if (reply.type === 'refused' && reply.code !== 'emailTaken') {
    throw new Error(`the demo's step ${step} was refused: ${reply.code} ${reply.field}`)
  }
  return reply
}
