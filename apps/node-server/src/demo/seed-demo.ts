import { bookingsOf, type Command, findAccountByEmail } from '@quorail/booking-fsm'
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
  /** A step was refused; the next one is tried. */
  readonly onSkipped: (step: string, code: string) => void
}

/**
 * Gives an empty cluster the demo's timetable, accounts and sales, through the log like everybody.
 * Every step has a request key, so that a new leader goes on where the old one died.
 */
export function seedDemo(options: DemoOptions): LeaderJob {
  const { logins, timeZone } = options
  return async (signal) => {
    const timetableDone = findAccountByEmail(options.host.state, trafficEmail) !== undefined
    await account(options, logins.staff, 'Sam Staff', 'staff')
    if (logins.operator !== undefined)
      await account(options, logins.operator, 'Olga Operator', 'operator')
    await account(options, logins.passenger, 'Pat Passenger', 'passenger')
    if (!timetableDone) {
      const commands = demoCommands({ nowMs: options.host.nowMs(), timeZone })
      for (const [step, command] of commands.entries()) {
        if (signal.aborted) return
        await keyed(options, `timetable-${step}`, command)
      }
      await account(
        options,
        { email: trafficEmail, password: newSessionToken() },
        traffic,
        'passenger',
      )
    }
    await sell(options, signal)
  }
}

async function sell(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const { host, paymentUrl, timeZone, onSkipped } = options
  const buyer = findAccountByEmail(host.state, trafficEmail)
  if (buyer === undefined) return
  const first = bookingsOf(host.state, buyer.accountId, 1_000).at(-1)
  const nowMs = first?.heldAtMs ?? host.nowMs()
  if (host.nowMs() - nowMs > resumableMs) return
  for (const fill of demoFillPlan({ nowMs, timeZone })) {
    await fillRun({ host, paymentUrl, buyer: buyer.accountId, fill, signal, onSkipped })
  }
}

async function account(
  options: DemoOptions,
  { email, password }: { readonly email: string; readonly password: string },
  displayName: string,
  role: 'passenger' | 'staff' | 'operator',
): Promise<void> {
  if (findAccountByEmail(options.host.state, email) !== undefined) return
  const passwordHash = await hashPassword(password)
  await keyed(options, `account-${role}-${email}`, {
    type: 'registerAccount',
    email,
    displayName,
    passwordHash,
    role,
  })
}

/** A refusal is remembered for a day: to insist on the step would be to fail for as long. */
async function keyed({ host, onSkipped }: DemoOptions, step: string, command: Command) {
  const key = { principal: 'p:demo', method: 'SeedDemo', requestId: step, contentHash: '0' }
  const { reply } = await host.submit({ actor: 0, key, command })
  if (reply.type === 'refused' && reply.code !== 'emailTaken') onSkipped(step, reply.code)
}
