/** Which handler a command goes to. */
import type { Command, RequestKey } from './commands.ts'
import { closeSession, openSession, registerAccount } from './handlers/accounts.ts'
import { cancelBooking } from './handlers/cancel-booking.ts'
import { setCancellationRule } from './handlers/cancellation-rule.ts'
import { foundCluster, tick } from './handlers/cluster.ts'
import { holdSeats } from './handlers/hold-seats.ts'
import { holdTrip } from './handlers/hold-trip.ts'
import { abortImport, beginImport, commitImport } from './handlers/imports.ts'
import { payRefund } from './handlers/pay-refund.ts'
import { recordOutcome } from './handlers/record-outcome.ts'
import { acceptRefund, offerRefund } from './handlers/refund-offers.ts'
import { releaseHold } from './handlers/release-hold.ts'
import { resolveRequest } from './handlers/resolve-request.ts'
import { setFareRule, setRefundRule } from './handlers/rules.ts'
import { addRuns } from './handlers/runs.ts'
import { startPayment } from './handlers/start-payment.ts'
import { putStations } from './handlers/stations.ts'
import { setTariff } from './handlers/tariff.ts'
import { addTrain } from './handlers/trains.ts'
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
    case 'setCancellationRule':
      return setCancellationRule(work, command)
    case 'registerAccount':
      return registerAccount(work, command)
    case 'openSession':
      return openSession(work, command)
    case 'closeSession':
      return closeSession(work, command)
    case 'putStations':
      return putStations(work, command)
    case 'addTrain':
      return addTrain(work, command)
    case 'addRuns':
      return addRuns(work, command)
    case 'beginImport':
      return beginImport(work, command)
    case 'commitImport':
      return commitImport(work, command)
    case 'abortImport':
      return abortImport(work, command)
    case 'holdSeats':
      return holdSeats(work, command)
    case 'holdTrip':
      return holdTrip(work, command)
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
    case 'tick':
      return tick(work)
    case 'resolveRequest':
      return resolveRequest(work, command, key)
  }
}

export function isCommandType(type: unknown): type is Command['type'] {
  return typeof type === 'string' && commandTypes.has(type)
}

const types: Record<Command['type'], true> = {
  foundCluster: true,
  setFareRule: true,
  setTariff: true,
  setRefundRule: true,
  setCancellationRule: true,
  registerAccount: true,
  openSession: true,
  closeSession: true,
  putStations: true,
  addTrain: true,
  addRuns: true,
  beginImport: true,
  commitImport: true,
  abortImport: true,
  holdSeats: true,
  holdTrip: true,
  releaseHold: true,
  startPayment: true,
  recordOutcome: true,
  cancelBooking: true,
  offerRefund: true,
  acceptRefund: true,
  payRefund: true,
  tick: true,
  resolveRequest: true,
}
const commandTypes: ReadonlySet<string> = new Set(Object.keys(types))
