import type { Entry, Reply } from '../../src/index.ts'
import {
  changePassword,
  deleteAccount,
  forgetPassenger,
  grantPasswordReset,
  requestPasswordReset,
  resetPassword,
  savePassenger,
  setAccountOpen,
  setRole,
} from './account-changes.ts'
import { closeSession, openSession, registerAccount } from './account-commands.ts'
import {
  closeTill,
  nameCustomer,
  openTill,
  payAtCounter,
  payOut,
  setAgentRule,
} from './agent-commands.ts'
import { archiveRun } from './archive-commands.ts'
import { holdSeats, holdTrip, releaseHold } from './booking-commands.ts'
import { setCalendar } from './calendar-commands.ts'
import { needCluster } from './caller.ts'
import { acceptRefund, cancelBooking, offerRefund, payRefund } from './cancel-commands.ts'
import { recordChargeback, settleChargeback } from './chargeback-commands.ts'
import {
  issueInvoice,
  payOnAccount,
  recordInvoicePayment,
  setCompany,
  setMember,
} from './company-commands.ts'
import { changeConsist } from './consist-commands.ts'
import { recordDelay } from './delay-commands.ts'
import {
  cancelRun,
  continueDisruption,
  rebookFree,
  setCompensationRule,
  takeRefund,
} from './disruption-commands.ts'
import { enterDraw, openDraw, revealSeed } from './draw-commands.ts'
import { confirmBooking, holdExchange } from './exchange-commands.ts'
import { extendHold } from './extend-hold.ts'
import {
  claimGuest,
  grantGuestLink,
  needRoomForGuest,
  openGuest,
  openGuestLink,
  requestGuestLink,
  setGuestRule,
} from './guest-commands.ts'
import { setOverbookingRule, setSeatPromiseRule } from './later-seats.ts'
import { forgetNode, registerNode } from './node-commands.ts'
import { recordNotice, setNoticePreferences, switchNotices } from './notice-commands.ts'
import { decideOverride, overrideRefund } from './override-commands.ts'
import { recordOutcome, startPayment } from './payment-commands.ts'
import { setFareProducts } from './product-commands.ts'
import { blockSeats, moveQuota, setQuotas, unblockSeats } from './quota-commands.ts'
import { resolveRequest } from './requests.ts'
import {
  foundCluster,
  raiseFeatureLevel,
  setCancellationRule,
  setFareRule,
  setRefundRule,
} from './rule-commands.ts'
import { setSalesRule } from './sales-commands.ts'
import { setSeatRule } from './seat-rules.ts'
import {
  approveSecondFactorReset,
  askSecondFactorReset,
  beginSecondFactor,
  disableSecondFactor,
  enableSecondFactor,
  endAllSessions,
  openSecuredSession,
  setSecondFactorRule,
} from './second-factor-commands.ts'
import { setTariff } from './tariff-commands.ts'
import {
  inspectTicket,
  issueTickets,
  registerTicketKey,
  withdrawTicketKey,
} from './ticket-commands.ts'
import { addRuns, addTrain, beginImport, endImport, putStations } from './timetable-commands.ts'
import { applyVoucher, issueVoucher, removeVoucher } from './voucher-commands.ts'
import {
  closeChart,
  joinWaitingList,
  leaveWaitingList,
  setWaitingRule,
} from './waiting-commands.ts'
import type { World } from './world.ts'

/** The command by itself: whoever sends it is known, and so is that it may be sent. */
export function perform(world: World, entry: Entry): Reply {
  const { command } = entry
  switch (command.type) {
    case 'foundCluster':
      return foundCluster(world, entry, command)
    case 'setFareRule':
      return setFareRule(world, entry, command)
    case 'setTariff':
      return setTariff(world, entry, command)
    case 'setRefundRule':
      return setRefundRule(world, entry, command)
    case 'setCancellationRule':
      return setCancellationRule(world, entry, command)
    case 'registerAccount':
      return registerAccount(world, entry, command)
    case 'openSession':
      return openSession(world, entry, command)
    case 'closeSession':
      return closeSession(world, entry, command)
    case 'setRole':
      return setRole(world, entry, command)
    case 'changePassword':
      return changePassword(world, entry, command)
    case 'requestPasswordReset':
      return requestPasswordReset(world, command)
    case 'grantPasswordReset':
      return grantPasswordReset(world, entry, command)
    case 'resetPassword':
      return resetPassword(world, command)
    case 'setAccountOpen':
      return setAccountOpen(world, entry, command)
    case 'setSecondFactorRule':
      return setSecondFactorRule(world, entry, command)
    case 'beginSecondFactor':
      return beginSecondFactor(world, entry, command)
    case 'enableSecondFactor':
      return enableSecondFactor(world, entry, command)
    case 'disableSecondFactor':
      return disableSecondFactor(world, entry, command)
    case 'openSecuredSession':
      return openSecuredSession(world, entry, command)
    case 'askSecondFactorReset':
      return askSecondFactorReset(world, entry, command)
    case 'approveSecondFactorReset':
      return approveSecondFactorReset(world, entry, command)
    case 'endSessions':
      return endAllSessions(world, entry, command)
    case 'savePassenger':
      return savePassenger(world, entry, command)
    case 'forgetPassenger':
      return forgetPassenger(world, entry, command)
    case 'deleteAccount':
      return deleteAccount(world, entry, command)
    case 'putStations':
      return putStations(world, entry, command)
    case 'addTrain':
      return addTrain(world, entry, command)
    case 'addRuns':
      return addRuns(world, entry, command)
    case 'setCalendar':
      return setCalendar(world, entry, command)
    case 'beginImport':
      return beginImport(world, entry, command)
    case 'commitImport':
    case 'abortImport':
      return endImport(world, entry, command)
    case 'holdSeats':
      needRoomForGuest(world, entry)
      return holdSeats(world, entry, command)
    case 'extendHold':
      return extendHold(world, entry, command)
    case 'setSalesRule':
      return setSalesRule(world, entry, command)
    case 'issueVoucher':
      return issueVoucher(world, entry, command)
    case 'applyVoucher':
      return applyVoucher(world, entry, command)
    case 'removeVoucher':
      return removeVoucher(world, entry, command)
    case 'setFareProducts':
      return setFareProducts(world, entry, command)
    case 'holdTrip':
      needRoomForGuest(world, entry)
      return holdTrip(world, entry, command)
    case 'releaseHold':
      return releaseHold(world, entry, command)
    case 'startPayment':
      return startPayment(world, entry, command)
    case 'recordOutcome':
      return recordOutcome(world, entry, command)
    case 'cancelBooking':
      return cancelBooking(world, entry, command)
    case 'offerRefund':
      return offerRefund(world, entry, command)
    case 'acceptRefund':
      return acceptRefund(world, entry, command)
    case 'payRefund':
      return payRefund(world, entry, command)
    case 'recordChargeback':
      return recordChargeback(world, entry, command)
    case 'settleChargeback':
      return settleChargeback(world, entry, command)
    case 'holdExchange':
      return holdExchange(world, entry, command)
    case 'confirmBooking':
      return confirmBooking(world, entry, command)
    case 'cancelRun':
      return cancelRun(world, entry, command)
    case 'changeConsist':
      return changeConsist(world, entry, command)
    case 'recordDelay':
      return recordDelay(world, entry, command)
    case 'continueDisruption':
      return continueDisruption(world, entry, command)
    case 'rebookFree':
      return rebookFree(world, entry, command)
    case 'takeRefund':
      return takeRefund(world, entry, command)
    case 'overrideRefund':
      return overrideRefund(world, entry, command)
    case 'decideOverride':
      return decideOverride(world, entry, command)
    case 'setCompensationRule':
      return setCompensationRule(world, entry, command)
    case 'issueTickets':
      return issueTickets(world, entry, command)
    case 'inspectTicket':
      return inspectTicket(world, entry, command)
    case 'registerTicketKey':
      return registerTicketKey(world, entry, command)
    case 'withdrawTicketKey':
      return withdrawTicketKey(world, entry, command)
    case 'registerNode':
      return registerNode(world, entry, command)
    case 'forgetNode':
      return forgetNode(world, entry, command)
    case 'raiseFeatureLevel':
      return raiseFeatureLevel(world, entry, command)
    case 'setWaitingRule':
      return setWaitingRule(world, entry, command)
    case 'joinWaitingList':
      needRoomForGuest(world, entry)
      return joinWaitingList(world, entry, command)
    case 'leaveWaitingList':
      return leaveWaitingList(world, entry, command)
    case 'closeChart':
      return closeChart(world, entry, command)
    case 'blockSeats':
      return blockSeats(world, entry, command)
    case 'unblockSeats':
      return unblockSeats(world, entry, command)
    case 'setQuotas':
      return setQuotas(world, entry, command)
    case 'moveQuota':
      return moveQuota(world, entry, command)
    case 'setSeatRule':
      return setSeatRule(world, entry, command)
    case 'openDraw':
      return openDraw(world, entry, command)
    case 'enterDraw':
      return enterDraw(world, entry, command)
    case 'revealSeed':
      return revealSeed(world, entry, command)
    case 'setGuestRule':
      return setGuestRule(world, entry, command)
    case 'openGuest':
      return openGuest(world, entry, command)
    case 'grantGuestLink':
      return grantGuestLink(world, entry, command)
    case 'requestGuestLink':
      return requestGuestLink(world, command)
    case 'openGuestLink':
      return openGuestLink(world, entry, command)
    case 'claimGuest':
      return claimGuest(world, entry, command)
    case 'setAgentRule':
      return setAgentRule(world, entry, command)
    case 'nameCustomer':
      return nameCustomer(world, entry, command)
    case 'openTill':
      return openTill(world, entry, command)
    case 'closeTill':
      return closeTill(world, entry, command)
    case 'payAtCounter':
      return payAtCounter(world, entry, command)
    case 'payOut':
      return payOut(world, entry, command)
    case 'setCompany':
      return setCompany(world, entry, command)
    case 'setMember':
      return setMember(world, entry, command)
    case 'payOnAccount':
      return payOnAccount(world, entry, command)
    case 'issueInvoice':
      return issueInvoice(world, entry, command)
    case 'recordInvoicePayment':
      return recordInvoicePayment(world, entry, command)
    case 'switchNotices':
      return switchNotices(world, entry, command)
    case 'setNoticePreferences':
      return setNoticePreferences(world, entry, command)
    case 'recordNotice':
      return recordNotice(world, entry, command)
    case 'archiveRun':
      return archiveRun(world, entry, command)
    case 'setOverbookingRule':
      return setOverbookingRule(world, entry, command)
    case 'setSeatPromiseRule':
      return setSeatPromiseRule(world, entry, command)
    case 'tick':
      needCluster(entry)
      return { type: 'done' }
    case 'resolveRequest':
      return resolveRequest(world, entry, command)
  }
}
