/** Accounts as staff sees them. */
import { create } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import {
  type AccountView,
  accountState,
  bookingIdsOf,
  bookingsOf,
  type AccountState as StateWord,
  sessionsOf,
} from '@quorail/booking-fsm'
import { AccountRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import {
  AccountState,
  FoundAccountSchema,
  GetAccountPageResponseSchema,
  type SearchAccountsRequest,
  SearchAccountsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import type { NodeHost } from '../host/types.ts'
import { accountMessage } from '../mapping/views.ts'
import type { AccountSearch } from '../reports/account-search.ts'
import { auditRecord } from '../reports/audit-records.ts'
import type { ReportRows } from '../reports/report-queries.ts'
import { normaliseEmail } from './account-changes.ts'
import { appliedIndex } from './timetable-answers.ts'

const latestBookings = 20

const roleWords = {
  [AccountRole.UNSPECIFIED]: undefined,
  [AccountRole.PASSENGER]: 'passenger',
  [AccountRole.STAFF]: 'staff',
  [AccountRole.OPERATOR]: 'operator',
  [AccountRole.GUEST]: 'guest',
  [AccountRole.AGENT]: 'agent',
} as const
const stateWords = {
  [AccountState.UNSPECIFIED]: undefined,
  [AccountState.OPEN]: 'open',
  [AccountState.CLOSED]: 'closed',
  [AccountState.ERASED]: 'erased',
} as const
const roles = {
  passenger: AccountRole.PASSENGER,
  staff: AccountRole.STAFF,
  operator: AccountRole.OPERATOR,
  guest: AccountRole.GUEST,
  agent: AccountRole.AGENT,
} as const
const states: Readonly<Record<StateWord, AccountState>> = {
  open: AccountState.OPEN,
  closed: AccountState.CLOSED,
  erased: AccountState.ERASED,
}

export function accountSearch(request: SearchAccountsRequest): AccountSearch {
  return {
    kind: 'accounts',
    emailPrefix: normaliseEmail(request.emailPrefix),
    namePart: request.namePart.trim(),
    role: roleWords[request.role],
    state: stateWords[request.state],
    after: request.pageToken,
    limit: request.limit || 50,
  }
}

export function foundAccounts({ rows, index }: ReportRows) {
  const found = rows.slice(0, -1)
  return create(SearchAccountsResponseSchema, {
    accounts: found.map(([accountId, email, displayName, role, registeredAtMs, state]) =>
      create(FoundAccountSchema, {
        account: {
          accountId: BigInt(accountId ?? 0),
          email: String(email),
          displayName: String(displayName),
          role: roles[role as keyof typeof roles],
        },
        state: states[state as StateWord],
        registeredAt: timestampFromMs(Number(registeredAtMs)),
      }),
    ),
    nextPageToken: String(rows.at(-1)?.[6] ?? ''),
    index: BigInt(index),
  })
}

export function accountPage(host: NodeHost, account: AccountView, history: ReportRows['rows']) {
  const { state } = host
  const { accountId, registeredAtMs } = account
  return create(GetAccountPageResponseSchema, {
    account: {
      account: accountMessage(account),
      state: states[accountState(state, accountId) ?? 'erased'],
      registeredAt: timestampFromMs(registeredAtMs),
    },
    sessions: sessionsOf(state, accountId, host.nowMs()).map((it) => ({
      // As its owner sees it: enough to name it.
      sessionId: it.tokenHash.slice(0, 16),
      openedAt: timestampFromMs(it.openedAtMs),
      expiresAt: timestampFromMs(it.expiresAtMs),
    })),
    bookings: bookingIdsOf(state, accountId).length,
    latestBookings: bookingsOf(state, accountId, latestBookings).map((it) => ({
      bookingId: BigInt(it.bookingId),
      pnr: it.pnr,
      status: it.status,
      runId: BigInt(it.runId),
      passengers: it.passengers.length,
      heldAt: timestampFromMs(it.heldAtMs),
    })),
    history: history.map(auditRecord).map(({ atMs, actor, action }) => ({
      at: timestampFromMs(atMs),
      actor: BigInt(actor),
      action,
    })),
    index: appliedIndex(state),
  })
}
