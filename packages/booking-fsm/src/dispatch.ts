/** Which handler a command goes to. */
import type { Command, RequestKey } from './commands.ts'
import { guestUnfit } from './guests/guest.ts'
import {
  changePassword,
  grantPasswordReset,
  requestPasswordReset,
  resetPassword,
  setAccountOpen,
  setRole,
} from './handlers/account-changes.ts'
import { closeSession, openSession, registerAccount } from './handlers/accounts.ts'
import { nameCustomer, setAgentRule } from './handlers/agents.ts'
import { archiveRun } from './handlers/archive-run.ts'
import { cancelBooking } from './handlers/cancel-booking.ts'
import { cancelRun } from './handlers/cancel-run.ts'
import { setCancellationRule } from './handlers/cancellation-rule.ts'
import { changeConsist } from './handlers/change-consist.ts'
import { recordChargeback, settleChargeback } from './handlers/chargebacks.ts'
import { closeChart } from './handlers/close-chart.ts'
import { foundCluster, raiseFeatureLevel, tick } from './handlers/cluster.ts'
import {
  issueInvoice,
  payOnAccount,
  recordInvoicePayment,
  setCompany,
  setMember,
} from './handlers/companies.ts'
import { setCompensationRule } from './handlers/compensation-rule.ts'
import { confirmBooking } from './handlers/confirm-booking.ts'
import { continueDisruption } from './handlers/continue-disruption.ts'
import { deleteAccount } from './handlers/delete-account.ts'
import { enterDraw, openDraw, revealSeed } from './handlers/draws.ts'
import { holdExchange } from './handlers/exchanges.ts'
import { extendHold } from './handlers/extend-hold.ts'
import { setFareProducts } from './handlers/fare-products.ts'
import {
  claimGuest,
  grantGuestLink,
  openGuest,
  openGuestLink,
  requestGuestLink,
  setGuestRule,
} from './handlers/guests.ts'
import { holdSeats } from './handlers/hold-seats.ts'
import { holdTrip } from './handlers/hold-trip.ts'
import { abortImport, beginImport, commitImport } from './handlers/imports.ts'
import { inspectTicket } from './handlers/inspect-ticket.ts'
import { joinWaitingList } from './handlers/join-waiting-list.ts'
import { leaveWaitingList } from './handlers/leave-waiting-list.ts'
import { forgetNode, registerNode } from './handlers/nodes.ts'
import { recordNotice, setNoticePreferences, switchNotices } from './handlers/notices.ts'
import { setOverbookingRule } from './handlers/overbooking-rule.ts'
import { decideOverride, overrideRefund } from './handlers/override-refund.ts'
import { forgetPassenger, savePassenger } from './handlers/passengers.ts'
import { payRefund } from './handlers/pay-refund.ts'
import { moveQuota, setQuotas } from './handlers/quotas.ts'
import { rebookFree, takeRefund } from './handlers/rebook-free.ts'
import { recordDelay } from './handlers/record-delay.ts'
import { recordOutcome } from './handlers/record-outcome.ts'
import { acceptRefund, offerRefund } from './handlers/refund-offers.ts'
import { releaseHold } from './handlers/release-hold.ts'
import { resolveRequest } from './handlers/resolve-request.ts'
import { setFareRule, setRefundRule } from './handlers/rules.ts'
import { addRuns } from './handlers/runs.ts'
import { setSalesRule } from './handlers/sales-rule.ts'
import { blockSeats, unblockSeats } from './handlers/seat-blocks.ts'
import { setSeatPromiseRule } from './handlers/seat-promise-rule.ts'
import { setSeatRule } from './handlers/seat-rule.ts'
import {
  approveSecondFactorReset,
  askSecondFactorReset,
  beginSecondFactor,
  disableSecondFactor,
  enableSecondFactor,
  endAllSessions,
  openSecuredSession,
  setSecondFactorRule,
} from './handlers/second-factor.ts'
import { setCalendar } from './handlers/set-calendar.ts'
import { startPayment } from './handlers/start-payment.ts'
import { putStations } from './handlers/stations.ts'
import { setTariff } from './handlers/tariff.ts'
import { registerTicketKey, withdrawTicketKey } from './handlers/ticket-keys.ts'
import { issueTickets } from './handlers/tickets.ts'
import { closeTill, openTill, payAtCounter, payOut } from './handlers/tills.ts'
import { addTrain } from './handlers/trains.ts'
import { applyVoucher, issueVoucher, removeVoucher } from './handlers/vouchers.ts'
import { setWaitingRule } from './handlers/waiting-rule.ts'
import type { Reply } from './replies.ts'
import type { Work } from './store.ts'

/** Checks everything, then changes everything: a refusal leaves the state as it was. */
export function dispatch(work: Work, command: Command, key: RequestKey | undefined): Reply {
  switch (command.type) {
    case 'foundCluster':
      return foundCluster(work, command)
    case 'setFareRule':
      return setFareRule(work, command)
    case 'setTariff':
      return setTariff(work, command)
    case 'setRefundRule':
      return setRefundRule(work, command)
    case 'setSalesRule':
      return setSalesRule(work, command)
    case 'setFareProducts':
      return setFareProducts(work, command)
    case 'issueVoucher':
      return issueVoucher(work, command)
    case 'applyVoucher':
      return applyVoucher(work, command)
    case 'removeVoucher':
      return removeVoucher(work, command)
    case 'setCancellationRule':
      return setCancellationRule(work, command)
    case 'registerAccount':
      return registerAccount(work, command)
    case 'openSession':
      return openSession(work, command)
    case 'closeSession':
      return closeSession(work, command)
    case 'setRole':
      return setRole(work, command)
    case 'changePassword':
      return changePassword(work, command)
    case 'requestPasswordReset':
      return requestPasswordReset(work, command)
    case 'grantPasswordReset':
      return grantPasswordReset(work, command)
    case 'resetPassword':
      return resetPassword(work, command)
    case 'setAccountOpen':
      return setAccountOpen(work, command)
    case 'savePassenger':
      return savePassenger(work, command)
    case 'forgetPassenger':
      return forgetPassenger(work, command)
    case 'deleteAccount':
      return deleteAccount(work, command)
    case 'setSecondFactorRule':
      return setSecondFactorRule(work, command)
    case 'beginSecondFactor':
      return beginSecondFactor(work, command)
    case 'enableSecondFactor':
      return enableSecondFactor(work, command)
    case 'disableSecondFactor':
      return disableSecondFactor(work, command)
    case 'openSecuredSession':
      return openSecuredSession(work, command)
    case 'askSecondFactorReset':
      return askSecondFactorReset(work, command)
    case 'approveSecondFactorReset':
      return approveSecondFactorReset(work, command)
    case 'endSessions':
      return endAllSessions(work, command)
    case 'putStations':
      return putStations(work, command)
    case 'addTrain':
      return addTrain(work, command)
    case 'addRuns':
      return addRuns(work, command)
    case 'setCalendar':
      return setCalendar(work, command)
    case 'beginImport':
      return beginImport(work, command)
    case 'commitImport':
      return commitImport(work, command)
    case 'abortImport':
      return abortImport(work, command)
    case 'holdSeats':
      return guestUnfit(work) ?? holdSeats(work, command)
    case 'extendHold':
      return extendHold(work, command)
    case 'holdTrip':
      return guestUnfit(work) ?? holdTrip(work, command)
    case 'releaseHold':
      return releaseHold(work, command)
    case 'startPayment':
      return startPayment(work, command)
    case 'recordOutcome':
      return recordOutcome(work, command)
    case 'cancelBooking':
      return cancelBooking(work, command)
    case 'offerRefund':
      return offerRefund(work, command)
    case 'acceptRefund':
      return acceptRefund(work, command)
    case 'payRefund':
      return payRefund(work, command)
    case 'recordChargeback':
      return recordChargeback(work, command)
    case 'settleChargeback':
      return settleChargeback(work, command)
    case 'setWaitingRule':
      return setWaitingRule(work, command)
    case 'joinWaitingList':
      return guestUnfit(work) ?? joinWaitingList(work, command)
    case 'leaveWaitingList':
      return leaveWaitingList(work, command)
    case 'closeChart':
      return closeChart(work, command)
    case 'blockSeats':
      return blockSeats(work, command)
    case 'unblockSeats':
      return unblockSeats(work, command)
    case 'setQuotas':
      return setQuotas(work, command)
    case 'moveQuota':
      return moveQuota(work, command)
    case 'holdExchange':
      return holdExchange(work, command)
    case 'confirmBooking':
      return confirmBooking(work, command)
    case 'cancelRun':
      return cancelRun(work, command)
    case 'changeConsist':
      return changeConsist(work, command)
    case 'recordDelay':
      return recordDelay(work, command)
    case 'continueDisruption':
      return continueDisruption(work, command)
    case 'rebookFree':
      return rebookFree(work, command)
    case 'takeRefund':
      return takeRefund(work, command)
    case 'overrideRefund':
      return overrideRefund(work, command)
    case 'decideOverride':
      return decideOverride(work, command)
    case 'setCompensationRule':
      return setCompensationRule(work, command)
    case 'issueTickets':
      return issueTickets(work, command)
    case 'inspectTicket':
      return inspectTicket(work, command)
    case 'registerTicketKey':
      return registerTicketKey(work, command)
    case 'withdrawTicketKey':
      return withdrawTicketKey(work, command)
    case 'registerNode':
      return registerNode(work, command)
    case 'forgetNode':
      return forgetNode(work, command)
    case 'setSeatRule':
      return setSeatRule(work, command)
    case 'setOverbookingRule':
      return setOverbookingRule(work, command)
    case 'setSeatPromiseRule':
      return setSeatPromiseRule(work, command)
    case 'openDraw':
      return openDraw(work, command)
    case 'enterDraw':
      return enterDraw(work, command)
    case 'revealSeed':
      return revealSeed(work, command)
    case 'setGuestRule':
      return setGuestRule(work, command)
    case 'openGuest':
      return openGuest(work, command)
    case 'grantGuestLink':
      return grantGuestLink(work, command)
    case 'requestGuestLink':
      return requestGuestLink(work, command)
    case 'openGuestLink':
      return openGuestLink(work, command)
    case 'claimGuest':
      return claimGuest(work, command)
    case 'setAgentRule':
      return setAgentRule(work, command)
    case 'nameCustomer':
      return nameCustomer(work, command)
    case 'openTill':
      return openTill(work, command)
    case 'closeTill':
      return closeTill(work, command)
    case 'payAtCounter':
      return payAtCounter(work, command)
    case 'payOut':
      return payOut(work, command)
    case 'setCompany':
      return setCompany(work, command)
    case 'setMember':
      return setMember(work, command)
    case 'payOnAccount':
      return payOnAccount(work, command)
    case 'issueInvoice':
      return issueInvoice(work, command)
    case 'recordInvoicePayment':
      return recordInvoicePayment(work, command)
    case 'switchNotices':
      return switchNotices(work, command)
    case 'setNoticePreferences':
      return setNoticePreferences(work, command)
    case 'recordNotice':
      return recordNotice(work, command)
    case 'archiveRun':
      return archiveRun(work, command)
    case 'raiseFeatureLevel':
      return raiseFeatureLevel(work, command)
    case 'tick':
      return tick(work)
    case 'resolveRequest':
      return resolveRequest(work, command, key)
  }
}

/** The least feature level at which the command exists; undefined: there is no such command. */
export function levelOf(type: unknown): number | undefined {
  return typeof type === 'string' ? levels.get(type) : undefined
}

const since: Record<Command['type'], number> = {
  foundCluster: 1,
  setFareRule: 1,
  setTariff: 2,
  setRefundRule: 1,
  setCancellationRule: 2,
  setSalesRule: 2,
  setFareProducts: 2,
  issueVoucher: 2,
  applyVoucher: 2,
  removeVoucher: 2,
  registerAccount: 1,
  openSession: 1,
  closeSession: 1,
  setRole: 2,
  changePassword: 2,
  requestPasswordReset: 2,
  grantPasswordReset: 2,
  resetPassword: 2,
  setAccountOpen: 2,
  deleteAccount: 2,
  savePassenger: 2,
  forgetPassenger: 2,
  setSecondFactorRule: 2,
  beginSecondFactor: 2,
  enableSecondFactor: 2,
  disableSecondFactor: 2,
  openSecuredSession: 2,
  askSecondFactorReset: 2,
  approveSecondFactorReset: 2,
  endSessions: 2,
  putStations: 1,
  addTrain: 1,
  addRuns: 1,
  setCalendar: 3,
  beginImport: 1,
  commitImport: 1,
  abortImport: 1,
  holdSeats: 1,
  holdTrip: 2,
  extendHold: 2,
  releaseHold: 1,
  startPayment: 1,
  recordOutcome: 1,
  cancelBooking: 1,
  offerRefund: 2,
  acceptRefund: 2,
  payRefund: 2,
  recordChargeback: 3,
  settleChargeback: 3,
  setWaitingRule: 2,
  joinWaitingList: 2,
  leaveWaitingList: 2,
  closeChart: 2,
  holdExchange: 2,
  confirmBooking: 2,
  cancelRun: 2,
  changeConsist: 2,
  recordDelay: 2,
  continueDisruption: 2,
  rebookFree: 2,
  takeRefund: 2,
  setCompensationRule: 2,
  overrideRefund: 2,
  decideOverride: 2,
  issueTickets: 2,
  inspectTicket: 2,
  registerTicketKey: 2,
  withdrawTicketKey: 2,
  registerNode: 2,
  forgetNode: 2,
  setSeatRule: 2,
  setSeatPromiseRule: 2,
  setOverbookingRule: 2,
  openDraw: 2,
  enterDraw: 2,
  revealSeed: 2,
  blockSeats: 2,
  unblockSeats: 2,
  setQuotas: 2,
  moveQuota: 2,
  setGuestRule: 2,
  openGuest: 2,
  grantGuestLink: 2,
  requestGuestLink: 2,
  openGuestLink: 2,
  claimGuest: 2,
  setAgentRule: 2,
  nameCustomer: 2,
  openTill: 2,
  closeTill: 2,
  payAtCounter: 2,
  payOut: 2,
  setCompany: 2,
  setMember: 2,
  payOnAccount: 2,
  issueInvoice: 2,
  recordInvoicePayment: 2,
  switchNotices: 2,
  setNoticePreferences: 2,
  recordNotice: 2,
  archiveRun: 2,
  tick: 1,
  resolveRequest: 1,
  raiseFeatureLevel: 1,
}
const levels: ReadonlyMap<string, number> = new Map(Object.entries(since))
/** All that there are. */
export const commandTypes: readonly string[] = [...levels.keys()]
