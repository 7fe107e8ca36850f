import { adminAccounts } from './admin/accounts.ts'
import { adminCalendar } from './admin/calendar.ts'
import type { AdminContext } from './admin/context.ts'
import { openAdmin, parseAdmin } from './admin/context.ts'
import { adminRoles } from './admin/roles.ts'
import { adminRules } from './admin/rules.ts'
import { adminRuns } from './admin/runs.ts'
import { adminSecondFactor } from './admin/second-factor.ts'
import { adminSessions } from './admin/sessions.ts'
import { adminTrains } from './admin/trains.ts'
import { exitCodes } from './exit-codes.ts'
import { failureText } from './failure-text.ts'
import { UsageError } from './usage-error.ts'

export const adminHelp = `quorail admin WHAT [options]: what those who run the railway look up and change

  accounts                     accounts, page by page
      --email PREFIX           whose address begins so
      --name TEXT              with this in the name
      --role ROLE              passenger, agent, staff, operator or guest
      --state STATE            open, closed or erased
  accounts ID|EMAIL            one account: sessions, bookings, history
  rules [KIND]                 dated rules that count now or later, e.g. "rules fare"
      --at INSTANT             that count then (2026-12-24T00:00:00Z)
      --past                   also those that counted before
  runs --from DATE [--to DATE] runs with their state and how full they are (YYYY-MM-DD)
      --train ID               of one train
      --state STATE            e.g. onSale, cancelled, departed, charted, drawn
  trains [NUMBER]              all trains; or one with its calendar, coaches, blocks and quotas
  calendar NUMBER DAYS --from DATE --to DATE  other days of a train from a date on, e.g. "calendar ICE 27 mon,tue,fri";
                               "none": on the added dates alone. Names the runs that are sold, and go all the same
      --added DATES            single dates on which it runs as well: 2026-12-24,2026-12-31
      --removed DATES          single dates on which it does not
      --zone ZONE              of its times, where it has none yet
  roles ID|EMAIL ROLE          gives an account a role: passenger, agent, staff or operator (for operators)
  sessions ID|EMAIL            where an account is logged in
      --end                    ends all of them (for operators)

  second-factor                whether one's own account has one
      begin                    shows a secret for one's device; then "enable CODE", "disable CODE"
      require ROLES --at T     staff, operator, "staff,operator" or nobody need one from then on (for operators)
      ask ID|EMAIL             asks for a reset of somebody's; another operator does "approve ID|EMAIL"
      resets                   those that were asked for

  --cluster LIST   the nodes, as for serve (default: those of npm start)
  --ca FILE        who signs the nodes' certificates, if not a public authority (or QUORAIL_CA)
  --limit N        so many lines at most (50; runs 20)
  --page TOKEN     goes on where the page before said
  --json           prints what was found as JSON, with nextPage when there is more

How it logs in, the first that is there:
  QUORAIL_TOKEN    a session's token
  --email-as EMAIL a staff account; its password comes from QUORAIL_PASSWORD, and the code of its second
                   factor, if it has one, from QUORAIL_CODE
  --login FILE     {"email": …, "password": …}, e.g. the file of the first operator
  --data DIR       the staff of the demo in this folder (default .quorail)

Exit codes: 0 done; 1 refused, not found, or no node answers; 2 wrong usage.
`

type Run = (admin: AdminContext, words: readonly string[]) => Promise<void>

const actions: Readonly<Record<string, Run>> = {
  accounts: adminAccounts,
  rules: adminRules,
  runs: adminRuns,
  trains: adminTrains,
  calendar: adminCalendar,
  roles: adminRoles,
  sessions: adminSessions,
  'second-factor': adminSecondFactor,
}

/** Looks up or changes something; resolves to the exit code. */
export async function admin(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseAdmin(words)
  const [what, ...rest] = positionals
  if (values.help || what === undefined) {
    process.stdout.write(adminHelp)
    return values.help ? exitCodes.done : exitCodes.usage
  }
  const run = Object.hasOwn(actions, what) ? actions[what] : undefined
  if (run === undefined)
    throw new UsageError(
      `There is no "admin ${what}". There are: ${Object.keys(actions).join(', ')}.`,
    )
  try {
    await run(openAdmin(values), rest)
    return exitCodes.done
  } catch (error) {
    if (error instanceof UsageError) throw error
    process.stderr.write(`${failureText(error)}\n`)
    return exitCodes.failed
  }
}
