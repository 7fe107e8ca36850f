/**
 * The railway's rules as a pure, deterministic state machine: the same entries give the same
 * replies, the same rows and the same hash on every node.
 */

export type { Applied } from './apply.ts'
export { applyEntry } from './apply.ts'
export { ARCHIVE_AFTER_MS } from './archive/family.ts'
export { archivedName } from './archive/names.ts'
export { archivedTables, presentRow } from './archive/present-rows.ts'
export { archiveRules } from './archive/tables.ts'
export {
  AUDIT_START,
  type AuditFault,
  type AuditHead,
  type AuditRecord,
  type AuditVerdict,
  verifyAudit,
} from './audit/chain.ts'
export { auditHead } from './audit/keep.ts'
export { calendarHas } from './calendar-days.ts'
export type * from './commands.ts'
export { type PublishedDraw, type PublishedEntry, verifyDraw } from './draws/verify-draw.ts'
export { LATEST_FEATURE_LEVEL } from './feature-levels.ts'
export { hashOfRows, type RowHash, rowHash } from './hash.ts'
export { loadingOrder, loadState, replaceState, StateLoader } from './load.ts'
export { mutableKinds, type NoticeData } from './notices.ts'
export { isPnr } from './pnr.ts'
export {
  bookingIdsOf,
  findAccount,
  findAccountByEmail,
  findSession,
  hasStaff,
  type OpenSessionView,
  passengersOf,
  type SavedPassengerView,
  type SessionView,
  sessionsOf,
} from './queries/accounts.ts'
export {
  type AccountState,
  accountState,
  type QuotaView,
  quotasOf,
} from './queries/administration.ts'
export { customerOf, tillOf } from './queries/agents.ts'
export { type AlternativesQuery, findAlternatives } from './queries/alternatives.ts'
export { archivedCount, findArchived, nextToArchive, type StubView } from './queries/archive.ts'
export { bookingsOf, findBooking, findBookingByPnr } from './queries/bookings.ts'
export { type ChargebackView, findChargeback, listChargebacks } from './queries/chargebacks.ts'
export { type CompanyView, companiesOf, findCompany } from './queries/companies.ts'
export { type ConnectionQuery, searchConnections } from './queries/connections.ts'
export { previewConsist } from './queries/consists.ts'
export { listDelays } from './queries/delays.ts'
export {
  dueDisruption,
  findDisruption,
  findOverride,
  listDisruptions,
  listOverrides,
} from './queries/disruptions.ts'
export { type DrawView, drawEntriesOf, drawNumber, findDraw, listDraws } from './queries/draws.ts'
export { type FareCalendarQuery, fareCalendar } from './queries/fare-calendar.ts'
export { info, type StateInfo } from './queries/info.ts'
export { type BlockView, listBlocks, type PoolView, poolsOf } from './queries/inventory.ts'
export { type JourneyQuery, searchJourneys } from './queries/journeys.ts'
export { ledgerReport } from './queries/ledger.ts'
export { manifest } from './queries/manifest.ts'
export { type NodeView, nodeAddresses } from './queries/nodes.ts'
export { mutedNotices, type NoticeView, noticesOn, pendingNotices } from './queries/notices.ts'
export { ledgerTotals, pendingOutbox, pendingPayOuts, refundQuote } from './queries/payments.ts'
export { fareProducts, type ProductQuery, requiredData } from './queries/products.ts'
export { quoteValidUntil } from './queries/quotes.ts'
export { findReply } from './queries/requests.ts'
export { listRules, type RuleQuery, type RuleView, ruleKinds } from './queries/rules.ts'
export {
  type ClassFigures,
  listRunStates,
  type RunStateQuery,
  type RunStateView,
  runStateNames,
} from './queries/run-states.ts'
export {
  type CalendarTrain,
  calendarTrains,
  findJourney,
  findRun,
  findTrain,
  listRuns,
  listTrains,
  type RunQuery,
} from './queries/runs.ts'
export {
  nextExpiryMs,
  occupancy,
  partyProblem,
  passengerTypes,
  quote,
  quoteParty,
  seatMap,
} from './queries/seats.ts'
export {
  type FactorResetView,
  factorResets,
  findSecondFactor,
  needsSecondFactor,
  type SecondFactorView,
} from './queries/second-factor.ts'
export { findStation, getStation, searchStations } from './queries/stations.ts'
export {
  findTicket,
  type TicketKeyView,
  type TicketView,
  type TravellerView,
  ticketKeys,
  ticketPayload,
  ticketsOf,
  travellersOn,
} from './queries/tickets.ts'
export {
  type TrainDayView,
  type TrainTimesQuery,
  type TrainTimesView,
  trainTimes,
} from './queries/train-times.ts'
export { listVouchers, vouchersOf } from './queries/vouchers.ts'
export type * from './replies.ts'
export { moveToCluster, RESTORE_JUMP } from './restoring.ts'
export type * from './rows.ts'
export type { PackedPortion, PackedTable } from './shelf/packed-portion.ts'
export { RowPacker } from './shelf/row-packer.ts'
export { rowsOf, stateHash } from './snapshot.ts'
export { type BookingState, createState } from './state.ts'
export { tables } from './tables.ts'
export type * from './views.ts'
