import type { FoundAccount } from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import type { AdminContext } from './context.ts'
import { print } from './print.ts'
import { accountIdOf, instant, meant, none, roles, states, wordOf } from './words.ts'

/** Many accounts, or one. */
export async function adminAccounts(
  context: AdminContext,
  [word, ...rest]: readonly string[],
): Promise<void> {
  none(rest)
  if (word === undefined) await searched(context)
  else await shown(context, await accountIdOf(context, word))
}

async function searched({ admin, options, limit }: AdminContext): Promise<void> {
  const { email = '', name = '', role, state, page = '' } = options
  const found = await admin.searchAccounts({
    emailPrefix: email,
    namePart: name,
    ...(role === undefined ? {} : { role: meant(roles, role, '--role') }),
    ...(state === undefined ? {} : { state: meant(states, state, '--state') }),
    pageToken: page,
    limit,
  })
  const accounts = found.accounts.map(plain)
  print(
    {
      headings: ['ID', 'EMAIL', 'NAME', 'ROLE', 'STATE', 'REGISTERED'],
      lines: accounts.map((it) => Object.values(it).map(String)),
      json: { accounts },
      nextPage: found.nextPageToken,
    },
    options.json,
  )
}

async function shown({ admin, options }: AdminContext, accountId: bigint): Promise<void> {
  const page = await admin.getAccountPage({ accountId })
  const account = page.account && plain(page.account)
  const sessions = page.sessions.map((it) => ({
    id: it.sessionId,
    openedAt: instant(it.openedAt),
    expiresAt: instant(it.expiresAt),
  }))
  const latestBookings = page.latestBookings.map((it) => ({
    id: Number(it.bookingId),
    reference: it.pnr,
    status: it.status,
    runId: Number(it.runId),
    passengers: it.passengers,
    heldAt: instant(it.heldAt),
  }))
  const history = page.history.map((it) => ({
    at: instant(it.at),
    actor: Number(it.actor),
    action: it.action,
  }))
  const facts = Object.entries(account ?? {}).map(([name, value]) => [name, String(value)])
  print(
    {
      headings: ['ACCOUNT', String(accountId)],
      lines: [
        ...facts,
        ['bookings', String(page.bookings)],
        ...latestBookings.map((it) => ['  booking', `${it.reference} ${it.status} ${it.heldAt}`]),
        ...sessions.map((it) => ['session', `${it.id} until ${it.expiresAt}`]),
        ...history.map((it) => ['history', `${it.at} ${it.action} by ${it.actor}`]),
      ],
      json: { account, bookings: page.bookings, latestBookings, sessions, history },
      nextPage: '',
    },
    options.json,
  )
}

const plain = ({ account, state, registeredAt }: FoundAccount) => ({
  id: Number(account?.accountId ?? 0n),
  email: account?.email ?? '',
  name: account?.displayName ?? '',
  role: wordOf(roles, account?.role),
  state: wordOf(states, state),
  registeredAt: instant(registeredAt),
})
