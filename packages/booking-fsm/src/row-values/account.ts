/** The rows of accounts, guests and what they are told. */
import type { RowValues } from '../row-values.ts'

export const accountRows = {
  accounts: (it) => [
    it.accountId,
    it.email,
    it.displayName,
    it.role,
    it.passwordHash,
    it.registeredAtMs,
    it.closedAtMs || null,
    it.erasedAtMs || null,
  ],
  second_factors: (it) => [
    it.accountId,
    it.sealedSecret,
    it.enabledAtMs,
    it.lastStep,
    JSON.stringify(it.recovery),
    it.resetAskedBy,
    it.resetAskedAtMs,
  ],
  second_factor_rules: (it) => [it.ruleId, it.validFromMs, JSON.stringify(it.roles)],
  sessions: (it) => [it.tokenHash, it.accountId, it.openedAtMs, it.expiresAtMs],
  saved_passengers: (it) => [
    it.accountId,
    it.passengerId,
    it.name,
    it.passengerType,
    it.birthDate,
    it.document,
  ],
  erasures: (it) => [it.accountId, it.namesFrom],
  password_resets: (it) => [it.accountId, it.tokenHash, it.expiresAtMs],
  guests: (it) => [it.accountId, it.linkHash, it.linkUntilMs, it.lookAtMs],
  guest_rules: (it) => [it.ruleId, it.validFromMs, it.maxHolds, it.retentionMs],
  notices: (it) => [
    it.noticeId,
    it.key,
    it.kind,
    it.accountId,
    it.bookingId,
    it.dataJson,
    it.queuedAtMs,
  ],
  notice_preferences: (it) => [it.accountId, JSON.stringify(it.muted)],
} satisfies Partial<RowValues>
