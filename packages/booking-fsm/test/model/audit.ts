import type { Command, Entry, Reply } from '../../src/index.ts'
import type { World } from './world.ts'

export const quiet = ['holdSeats', 'holdTrip', 'releaseHold', 'tick', 'openSession', 'closeSession']
/** So it was before level 3. */
export const quietBefore3 = ['openSecuredSession', 'openGuestLink', 'inspectTicket']

/** Whatever was done is written down, but for what comes in masses. */
export function writeDown(world: World, entry: Entry, reply: Reply): void {
  const { index, actor, command } = entry
  if (world.featureLevel < 2 || quiet.includes(command.type)) return
  if (world.featureLevel < 3 && quietBefore3.includes(command.type)) return
  if (reply.type === 'refused' || reply.type === 'resolved') return
  const decided =
    command.type === 'decideOverride'
      ? world.overrides.find((o) => o.overrideId === command.overrideId)?.reason
      : undefined
  const reason = decided ?? ('reason' in command ? String(command.reason) : '')
  const subject = about(world, command, reply)
  world.audit.push({ index, at: world.now, actor, action: command.type, subject, reason })
}

/** Where no record of this entry says it, that time has moved money. */
export function writeDownTime(world: World): void {
  if (world.featureLevel < 3 || world.moved === 0) return
  if (world.audit.at(-1)?.index === world.index) return
  const { index, now: at } = world
  world.audit.push({ index, at, actor: 0, action: 'time', subject: '', reason: '' })
}

function about(world: World, command: Command, reply: Reply): string {
  if (command.type === 'recordOutcome' || command.type === 'payOut') {
    const effect = world.effects.find((e) => e.id === command.outboxId)
    const payment = world.payments.find((p) => p.id === effect?.paymentId)
    return `booking:${payment?.bookingId}`
  }
  if (command.type === 'registerNode' || command.type === 'forgetNode')
    return `node:${command.name}`
  if (command.type === 'settleChargeback') {
    const of = world.chargebacks.find((it) => it.reference === command.reference)
    return `booking:${of?.bookingId}`
  }
  if (command.type === 'decideOverride') {
    return `booking:${world.overrides.find((o) => o.overrideId === command.overrideId)?.bookingId}`
  }
  if (command.type === 'continueDisruption') {
    return `run:${world.disruptions.find((d) => d.id === command.disruptionId)?.runId}`
  }
  if (reply.type === 'waitingListJoined' || reply.type === 'ticketInspected')
    return `booking:${reply.bookingId}`
  for (const named of [command, reply] as unknown as Record<string, unknown>[]) {
    for (const word of ['booking', 'trip', 'run', 'train', 'account', 'import', 'outbox']) {
      const id = named[`${word}Id`]
      if (typeof id !== 'number' || id < 1) continue
      const names: Record<string, string> = { trip: 'booking', outbox: 'effect' }
      return `${names[word] ?? word}:${id}`
    }
  }
  return ''
}
