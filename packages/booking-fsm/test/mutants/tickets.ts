/** Planted bugs in tickets, accounts and sessions. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const ticketMutants: readonly Mutant[] = [
  mutant(
    'a ticket survives the cancellation of its booking',
    'live.ts',
    'voidTickets(work, booking, undefined)',
    '',
  ),
  mutant(
    'a ticket survives its passenger',
    'live.ts',
    'freeClaim(work, booking, seats)\n  voidTickets(work, booking, positions)',
    'freeClaim(work, booking, seats)',
  ),
  mutant(
    'one leaves, and nobody has a ticket',
    'tickets/void.ts',
    'const meant = positions === undefined || positions.includes(ticket.position)',
    'const meant = true',
  ),
  mutant(
    'the ticket before a new one is valid too',
    'handlers/inspect-ticket.ts',
    "name.version < ticket.version ? 'voided' : verdictOf",
    "name.version < 0 ? 'voided' : verdictOf",
  ),
  mutant(
    'a new ticket has the number of the one before',
    'handlers/tickets.ts',
    '  ticket.version++\n',
    '  ticket.version ||= 1\n',
  ),
  mutant(
    'a ticket is seen twice and nobody notices',
    'handlers/inspect-ticket.ts',
    "scan.deviceId === deviceId && scan.scanId === scanId ? 'ok' : 'duplicate'",
    "'ok'",
  ),
  mutant(
    'the last scan leaves its mark, not the first',
    'handlers/inspect-ticket.ts',
    "if (verdict === 'ok' && ticket.scan === undefined) {",
    "if (verdict === 'ok' || verdict === 'duplicate') {",
  ),
  foundBy(
    'handlers/tickets.test.ts',
    mutant(
      'who was seen on the train prints a ticket that nobody has seen',
      'handlers/tickets.ts',
      'if (!isStaff && isInUse(',
      'if (!isStaff && !isInUse(',
    ),
  ),
  foundBy(
    'handlers/tickets.test.ts',
    mutant(
      'a withdrawn key comes back',
      'handlers/ticket-keys.ts',
      'known.publicKey === publicKey && known.withdrawnAtMs === 0',
      'known.publicKey === publicKey',
    ),
  ),
  mutant(
    'a scan is forgotten when rows are loaded',
    'loading/tickets.ts',
    "return deviceId === '' ? undefined : { atMs, stop, deviceId, scanId }",
    'return undefined',
  ),
  mutant(
    'sessions survive another password',
    'handlers/account-changes.ts',
    '  endSessions(work, account.accountId, keep)\n',
    '',
  ),
  foundBy(
    'handlers/account-changes.test.ts',
    mutant(
      'the session that set the password ends with the others',
      'sessions.ts',
      'for (const session of all) if (session.tokenHash !== keepTokenHash) removeSession(work, session)',
      'for (const session of all) removeSession(work, session)',
    ),
  ),
  foundBy(
    'handlers/account-changes.test.ts',
    mutant(
      'a code for a new password works twice',
      'handlers/account-changes.ts',
      '  forgetReset(work, accountId)\n  setPassword',
      '  setPassword',
    ),
  ),
  mutant(
    'a code for a new password never grows old',
    'handlers/account-changes.ts',
    ' || reset.expiresAtMs <= meta.nowMs',
    '',
  ),
  mutant(
    'the last operator can go',
    'handlers/account-changes.ts',
    "if (account.role !== 'operator' || account.closedAtMs > 0) return false",
    'if (account.accountId > 0) return false',
  ),
  mutant(
    'an account that is closed acts on',
    'apply.ts',
    'account !== undefined && account.closedAtMs > 0',
    'account !== undefined && account.closedAtMs > state.meta.nowMs',
  ),
  foundBy(
    'handlers/account-changes.test.ts',
    mutant(
      'an account is deleted before its journey',
      'handlers/delete-account.ts',
      "if (status === 'confirmed' && arrivalMs(run, toStop) > meta.nowMs) return false",
      '',
    ),
  ),
  mutant(
    'names stay on the bookings of who was deleted',
    'erasing.ts',
    'booking.namesJson = eraseNames(booking.namesJson)',
    '',
  ),
]
