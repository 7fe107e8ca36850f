import type { Entry, Reply } from '../../src/index.ts'
import {
  changePassword,
  deleteAccount,
  eraseNames,
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
import { writeDown } from './audit.ts'
import { holdSeats, holdTrip, releaseHold } from './booking-commands.ts'
import { checkKeyShape, needCluster } from './caller.ts'
import { acceptRefund, cancelBooking, offerRefund, payRefund } from './cancel-commands.ts'
import {
  issueInvoice,
  payOnAccount,
  recordInvoicePayment,
  setCompany,
  setMember,
  writeInvoices,
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
import { enterDraw, openDraw, revealSeed, workOnDraws } from './draw-commands.ts'
import { confirmBooking, holdExchange } from './exchange-commands.ts'
import { extendHold } from './extend-hold.ts'
import {
  claimGuest,
  forgetGuests,
  grantGuestLink,
  needRoomForGuest,
  openGuest,
  openGuestLink,
  requestGuestLink,
  setGuestRule,
} from './guest-commands.ts'
import { setOverbookingRule, setSeatPromiseRule } from './later-seats.ts'
import { forgetNode, registerNode } from './node-commands.ts'
import {
  dropOldNotices,
  recordNotice,
  setNoticePreferences,
  switchNotices,
} from './notice-commands.ts'
import { decideOverride, overrideRefund } from './override-commands.ts'
import { recordOutcome, startPayment } from './payment-commands.ts'
import { setFareProducts } from './product-commands.ts'
import { blockSeats, moveQuota, setQuotas, unblockSeats } from './quota-commands.ts'
import { Refused, refuse } from './refuse.ts'
import { forgetOldRequests, knownReply, remember, resolveRequest } from './requests.ts'
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
  needSecondFactor,
  openSecuredSession,
  setSecondFactorRule,
} from './second-factor-commands.ts'
import { checkId, checkInt, isInt, maxInstant, maxSafe } from './shapes.ts'
import { setTariff } from './tariff-commands.ts'
import {
  inspectTicket,
  issueTickets,
  registerTicketKey,
  voidTickets,
  withdrawTicketKey,
} from './ticket-commands.ts'
import { addRuns, addTrain, beginImport, endImport, putStations } from './timetable-commands.ts'
import { applyVoucher, expireVouchers, issueVoucher, removeVoucher } from './voucher-commands.ts'
import {
  closeChart,
  joinWaitingList,
  leaveWaitingList,
  promoteAll,
  setWaitingRule,
  waitingHousekeeping,
} from './waiting-commands.ts'
import { takeNamed, takeTwoDue } from './waiting-offers.ts'
import { isLive, legsOf, payerOf, type World } from './world.ts'

/** One entry, by the numbered steps of docs/internals/booking-rules.md. A PNR is given as ''. */
export function modelApply(world: World, entry: Entry): Reply {
  const before = world.index
  const reply = answer(() => steps(world, entry))
  if (world.index !== before) {
    takeTwoDue(world)
    promoteAll(world)
  }
  voidTickets(world)
  return reply
}

function answer(act: () => Reply): Reply {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refused) return error.reply
    throw error
  }
}

function steps(world: World, entry: Entry): Reply {
  checkId(entry.index, 'index')
  if (entry.index <= world.index) refuse('invalidField', { field: 'index' })
  world.index = entry.index
  const stamped = isInt(entry.timestampMs, 0, maxInstant)
  if (stamped) world.now = Math.max(world.now, entry.timestampMs)
  housekeeping(world)
  if (!stamped) refuse('invalidField', { field: 'timestampMs' })
  checkInt(entry.actor, 0, maxSafe, 'actor')
  const type = entry.command?.type
  if (!levelOne.has(type) && !levelTwo.has(type)) refuse('invalidField', { field: 'type' })
  const { key, command } = entry
  if (key !== undefined) {
    checkKeyShape(key)
    if (key.principal.startsWith('a:') && key.principal !== `a:${entry.actor}`) {
      refuse('notAllowed', { field: 'key.principal' })
    }
  }
  const lookedUp = key !== undefined && command.type !== 'resolveRequest'
  const before = lookedUp ? knownReply(world, key) : undefined
  if (before !== undefined) return before
  if (world.cluster === null && command.type !== 'foundCluster') refuse('notFounded')
  const actor = world.accounts.find((account) => account.id === entry.actor)
  if (entry.actor > 0 && actor === undefined) refuse('accountNotFound', { field: 'actor' })
  if (actor?.closed) refuse('accountClosed', { field: 'actor' })
  needSecondFactor(world, entry)
  const level = levelTwo.has(command.type) ? 2 : 1
  if (level > world.featureLevel) refuse('featureNotActive', { figure: level })
  takeNamed(world, command)
  promoteAll(world)
  const reply = answer(() => perform(world, entry))
  writeDown(world, entry, reply)
  if (lookedUp) remember(world, key, reply)
  return reply
}

function housekeeping(world: World): void {
  const due = world.bookings
    .filter((b) => isLive(b) && b.status !== 'confirmed' && b.expiresAt <= world.now)
    .filter((b) => payerOf(b) === b.id)
    .sort((a, b) => a.expiresAt - b.expiresAt || a.id - b.id)
  // A trip goes as one.
  const freed = new Set<number>()
  for (const booking of due.slice(0, 1_000)) {
    if ([...freed].filter((runId) => isWaitedFor(world, runId)).length >= 4) break
    for (const leg of legsOf(world, booking)) {
      leg.status = 'expired'
      freed.add(leg.runId)
    }
  }
  waitingHousekeeping(world)
  forgetOldRequests(world)
  eraseNames(world)
  dropOldNotices(world)
  expireVouchers(world)
  forgetGuests(world)
  writeInvoices(world)
  workOnDraws(world)
  // Sessions that have expired are not there for any command: nothing to sweep here.
}

function isWaitedFor(world: World, runId: number): boolean {
  const open = !world.charts.some((chart) => chart.runId === runId && chart.closed)
  const waits = world.bookings.filter((b) => b.status === 'waiting')
  return open && waits.some((b) => b.waiting?.options.some((it) => it.runId === runId))
}

const levelOne: ReadonlySet<string> = new Set([
  'foundCluster',
  'setFareRule',
  'setRefundRule',
  'registerAccount',
  'openSession',
  'closeSession',
  'putStations',
  'addTrain',
  'addRuns',
  'beginImport',
  'commitImport',
  'abortImport',
  'holdSeats',
  'releaseHold',
  'startPayment',
  'recordOutcome',
  'cancelBooking',
  'raiseFeatureLevel',
  'tick',
  'resolveRequest',
])
const levelTwo: ReadonlySet<string> = new Set([
  'archiveRun',
  'issueVoucher',
  'applyVoucher',
  'removeVoucher',
  'setFareProducts',
  'setTariff',
  'setCancellationRule',
  'holdTrip',
  'extendHold',
  'setSalesRule',
  'offerRefund',
  'acceptRefund',
  'payRefund',
  'setWaitingRule',
  'joinWaitingList',
  'leaveWaitingList',
  'closeChart',
  'holdExchange',
  'confirmBooking',
  'cancelRun',
  'changeConsist',
  'recordDelay',
  'continueDisruption',
  'rebookFree',
  'takeRefund',
  'setCompensationRule',
  'overrideRefund',
  'decideOverride',
  'issueTickets',
  'setRole',
  'changePassword',
  'requestPasswordReset',
  'grantPasswordReset',
  'resetPassword',
  'setAccountOpen',
  'deleteAccount',
  'setSecondFactorRule',
  'beginSecondFactor',
  'enableSecondFactor',
  'disableSecondFactor',
  'openSecuredSession',
  'askSecondFactorReset',
  'approveSecondFactorReset',
  'endSessions',
  'savePassenger',
  'forgetPassenger',
  'inspectTicket',
  'registerTicketKey',
  'withdrawTicketKey',
  'registerNode',
  'forgetNode',
  'setSeatRule',
  'setSeatPromiseRule',
  'setOverbookingRule',
  'openDraw',
  'enterDraw',
  'revealSeed',
  'blockSeats',
  'unblockSeats',
  'setQuotas',
  'moveQuota',
  'setGuestRule',
  'openGuest',
  'grantGuestLink',
  'requestGuestLink',
  'openGuestLink',
  'claimGuest',
  'setAgentRule',
  'nameCustomer',
  'openTill',
  'closeTill',
  'payAtCounter',
  'payOut',
  'setCompany',
  'setMember',
  'payOnAccount',
  'issueInvoice',
  'recordInvoicePayment',
  'switchNotices',
  'setNoticePreferences',
  'recordNotice',
])

function perform(world: World, entry: Entry): Reply {
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
