import type { Command, Entry, Reply } from '../../src/index.ts'
import type { World } from './world.ts'

const quiet = ['holdSeats', 'holdTrip', 'releaseHold', 'tick', 'openSession', 'closeSession']

/** Whatever was done is written down, but for what comes in masses. */
export function writeDown(world: World, entry: Entry, reply: Reply): void {
  const { index, actor, command } = entry
  if (world.featureLevel < 2 || quiet.includes(command.type)) return
  if (reply.type === 'refused' || reply.type === 'resolved') return
  const reason = 'reason' in command ? String(command.reason) : ''
  const subject = about(world, command, reply)
  world.audit.push({ index, at: world.now, actor, action: command.type, subject, reason })
}

function about(world: World, command: Command, reply: Reply): string {
  if (command.type === 'recordOutcome') {
    const effect = world.effects.find((e) => e.id === command.outboxId)
    const payment = world.payments.find((p) => p.id === effect?.paymentId)
    return `booking:${payment?.bookingId}`
  }
  if (command.type === 'continueDisruption') {
    return `run:${world.disruptions.find((d) => d.id === command.disruptionId)?.runId}`
  }
  if ('bookingId' in command) return `booking:${command.bookingId}`
  if (['cancelRun', 'closeChart', 'inspectTicket'].includes(command.type) && 'runId' in command) {
    return `run:${command.runId}`
  }
  if (command.type === 'addRuns' && command.trainId > 0) return `train:${command.trainId}`
  if ('importId' in command && command.importId !== undefined && command.type !== 'addTrain') {
    return `import:${command.importId}`
  }
  switch (reply.type) {
    case 'waitingListJoined':
      return `booking:${reply.bookingId}`
    case 'accountRegistered':
      return `account:${reply.accountId}`
    case 'importBegun':
      return `import:${reply.importId}`
    case 'trainAdded':
      return command.type === 'addTrain' && command.importId !== undefined
        ? `import:${command.importId}`
        : `train:${reply.trainId}`
    default:
      return ''
  }
}
