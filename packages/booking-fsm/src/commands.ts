/**
 * The commands of the railway: what stands in the replicated log.
 *
 * A command is settled at the door: text is normalised, secrets are hashed, local times are resolved
 * to UTC instants, so that `applyEntry` needs no clock, no randomness, no locale and no time-zone
 * database. Ids of new things are made by `applyEntry` from counters in the state. All numbers are
 * safe integers: money in minor units, distance in metres, instants in milliseconds since 1970 UTC.
 */

import type { CloseSession, OpenSession, RegisterAccount } from './commands/accounts.ts'
import type {
  ChangePassword,
  DeleteAccount,
  GrantPasswordReset,
  RequestPasswordReset,
  ResetPassword,
  SetAccountOpen,
  SetRole,
} from './commands/accounts-more.ts'
import type {
  AcceptRefund,
  CancelBooking,
  OfferRefund,
  PayRefund,
  RecordChargeback,
  SettleChargeback,
} from './commands/after-sales.ts'
import type {
  CloseTill,
  NameCustomer,
  OpenTill,
  PayAtCounter,
  PayOut,
  SetAgentRule,
} from './commands/agents.ts'
import type { ArchiveRun } from './commands/archive.ts'
import type { FoundCluster, RaiseFeatureLevel, ResolveRequest, Tick } from './commands/cluster.ts'
import type {
  IssueInvoice,
  PayOnAccount,
  RecordInvoicePayment,
  SetCompany,
  SetMember,
} from './commands/companies.ts'
import type { ChangeConsist } from './commands/consist.ts'
import type {
  CancelRun,
  ContinueDisruption,
  DecideOverride,
  OverrideRefund,
  RebookFree,
  RecordDelay,
  SetCompensationRule,
  TakeRefund,
} from './commands/disruption.ts'
import type { EnterDraw, OpenDraw, RevealSeed } from './commands/draws.ts'
import type { ConfirmBooking, HoldExchange } from './commands/exchanges.ts'
import type {
  ClaimGuest,
  GrantGuestLink,
  OpenGuest,
  OpenGuestLink,
  RequestGuestLink,
  SetGuestRule,
} from './commands/guests.ts'
import type { ExtendHold, SetSalesRule } from './commands/holds.ts'
import type {
  BlockSeats,
  MoveQuota,
  SetQuotas,
  SetSeatRule,
  UnblockSeats,
} from './commands/inventory.ts'
import type { ForgetNode, RegisterNode } from './commands/nodes.ts'
import type { RecordNotice, SetNoticePreferences, SwitchNotices } from './commands/notices.ts'
import type { ForgetPassenger, SavePassenger } from './commands/passengers.ts'
import type { SetFareProducts } from './commands/products.ts'
import type {
  SetCancellationRule,
  SetFareRule,
  SetRefundRule,
  SetTariff,
} from './commands/rules.ts'
import type {
  HoldSeats,
  HoldTrip,
  RecordOutcome,
  ReleaseHold,
  StartPayment,
} from './commands/sales.ts'
import type { SetOverbookingRule, SetSeatPromiseRule } from './commands/seat-promise.ts'
import type {
  ApproveSecondFactorReset,
  AskSecondFactorReset,
  BeginSecondFactor,
  DisableSecondFactor,
  EnableSecondFactor,
  EndSessions,
  OpenSecuredSession,
  SetSecondFactorRule,
} from './commands/second-factor.ts'
import type {
  InspectTicket,
  IssueTickets,
  RegisterTicketKey,
  WithdrawTicketKey,
} from './commands/tickets.ts'
import type {
  AbortImport,
  AddRuns,
  AddTrain,
  BeginImport,
  CommitImport,
  PutStations,
  SetCalendar,
} from './commands/timetable.ts'
import type { ApplyVoucher, IssueVoucher, RemoveVoucher } from './commands/vouchers.ts'
import type {
  CloseChart,
  JoinWaitingList,
  LeaveWaitingList,
  SetWaitingRule,
} from './commands/waiting.ts'

export type * from './commands/accounts.ts'
export type * from './commands/accounts-more.ts'
export type * from './commands/after-sales.ts'
export type * from './commands/agents.ts'
export type * from './commands/archive.ts'
export type * from './commands/cluster.ts'
export type * from './commands/companies.ts'
export type * from './commands/consist.ts'
export type * from './commands/disruption.ts'
export type * from './commands/draws.ts'
export type * from './commands/exchanges.ts'
export type * from './commands/guests.ts'
export type * from './commands/holds.ts'
export type * from './commands/inventory.ts'
export type * from './commands/nodes.ts'
export type * from './commands/notices.ts'
export type * from './commands/passengers.ts'
export type * from './commands/products.ts'
export type * from './commands/reasons.ts'
export type * from './commands/rules.ts'
export type * from './commands/sales.ts'
export type * from './commands/seat-promise.ts'
export type * from './commands/second-factor.ts'
export type * from './commands/tickets.ts'
export type * from './commands/timetable.ts'
export type * from './commands/vouchers.ts'
export type * from './commands/waiting.ts'

/** One committed log entry as the state machine sees it. */
export interface Entry {
  /** Position in the log; strictly increasing from entry to entry. */
  readonly index: number
  /** The leader's stamp. The state's clock is the maximum of all stamps seen. */
  readonly timestampMs: number
  /** Who asks: an account's id, or 0 for the cluster itself (its leader's own work). */
  readonly actor: number
  /** Makes the command idempotent; absent for the cluster's own entries. */
  readonly key: RequestKey | undefined
  readonly command: Command
}

/** Names one request of one caller. Same key and same content: same reply, no change. */
export interface RequestKey {
  /** `a:ID` for an account, `c:ID` for an anonymous client, `p:ID` for a payment provider's events. */
  readonly principal: string
  /** The method's name, e.g. `HoldSeats`. */
  readonly method: string
  /** Made by the client, 128 random bits as text; at most 64 characters. */
  readonly requestId: string
  /** Hash of the client's request, made at the door: hexadecimal. */
  readonly contentHash: string
}

export type Command =
  | FoundCluster
  | SetFareRule
  | SetTariff
  | SetRefundRule
  | SetCancellationRule
  | SetSalesRule
  | SetFareProducts
  | IssueVoucher
  | ApplyVoucher
  | RemoveVoucher
  | RegisterAccount
  | OpenSession
  | CloseSession
  | SetRole
  | ChangePassword
  | RequestPasswordReset
  | GrantPasswordReset
  | ResetPassword
  | SetAccountOpen
  | DeleteAccount
  | SavePassenger
  | ForgetPassenger
  | PutStations
  | AddTrain
  | SetSecondFactorRule
  | BeginSecondFactor
  | EnableSecondFactor
  | DisableSecondFactor
  | OpenSecuredSession
  | AskSecondFactorReset
  | ApproveSecondFactorReset
  | EndSessions
  | AddRuns
  | SetCalendar
  | BeginImport
  | CommitImport
  | AbortImport
  | HoldSeats
  | HoldTrip
  | ExtendHold
  | ReleaseHold
  | StartPayment
  | RecordOutcome
  | CancelBooking
  | OfferRefund
  | AcceptRefund
  | PayRefund
  | RecordChargeback
  | SettleChargeback
  | SetWaitingRule
  | JoinWaitingList
  | LeaveWaitingList
  | CloseChart
  | HoldExchange
  | ConfirmBooking
  | CancelRun
  | ChangeConsist
  | RecordDelay
  | ContinueDisruption
  | RebookFree
  | TakeRefund
  | SetCompensationRule
  | OverrideRefund
  | DecideOverride
  | IssueTickets
  | InspectTicket
  | RegisterTicketKey
  | WithdrawTicketKey
  | RegisterNode
  | ForgetNode
  | SetSeatRule
  | SetSeatPromiseRule
  | SetOverbookingRule
  | BlockSeats
  | UnblockSeats
  | SetQuotas
  | MoveQuota
  | RaiseFeatureLevel
  | OpenDraw
  | EnterDraw
  | RevealSeed
  | SetGuestRule
  | OpenGuest
  | GrantGuestLink
  | RequestGuestLink
  | OpenGuestLink
  | ClaimGuest
  | SetAgentRule
  | NameCustomer
  | OpenTill
  | CloseTill
  | PayAtCounter
  | PayOut
  | SetCompany
  | SetMember
  | PayOnAccount
  | IssueInvoice
  | RecordInvoicePayment
  | SwitchNotices
  | SetNoticePreferences
  | RecordNotice
  | ArchiveRun
  | Tick
  | ResolveRequest
