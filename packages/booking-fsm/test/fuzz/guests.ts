/** Those who buy without an account: in the railway of the fuzzer, and what may be asked of them. */
import type { Command } from '../../src/commands.ts'
import { DAY, held, must, type Railway, register, send } from '../world.ts'

const linkHash = '7'.repeat(64)

/** Three of them: with a link and a hold, with a link that is over, and with as many holds as it may have. */
export function openGuests(world: Railway): void {
  const open = (email: string) =>
    must(send(world, { type: 'openGuest', email, displayName: 'Guest' }), 'guestOpened').accountId
  const grant = (accountId: number) =>
    must(send(world, { type: 'grantGuestLink', accountId, linkHash, ttlMs: 30 * DAY }), 'done')
  register(world, 'heir@example.org')
  const [first, second] = [open('heir@example.org'), open('other@example.org')]
  grant(first)
  grant(second)
  held(world, first, world.runId)
  const third = open('third@example.org')
  for (let i = 0; i < 10; i++) {
    const { bookingId } = held(world, third, world.runId)
    must(send(world, { type: 'releaseHold', bookingId }, { actor: third }), 'done')
  }
}

export function guestCommands({ state, nowMs }: Railway, draw: () => number): readonly Command[] {
  const ids = [...state.guests.keys()]
  const accountId = draw() % 5 === 0 ? draw() % 9 : (ids[draw() % ids.length] ?? 1)
  const [bookingId = 1] = state.accounts.get(accountId)?.bookingIds ?? []
  const tokenHash = String(draw() % 10).repeat(64)
  const maxHolds = draw() % 3 === 0 ? 0 : 10
  return [
    { type: 'setGuestRule', validFromMs: nowMs, maxHolds, retentionMs: 30 * DAY },
    { type: 'openGuest', email: `g${draw() % 9}@example.org`, displayName: 'G' },
    { type: 'grantGuestLink', accountId, linkHash, ttlMs: DAY },
    { type: 'requestGuestLink', accountId, bookingId: draw() % 3 === 0 ? draw() % 9 : bookingId },
    { type: 'openGuestLink', accountId, linkHash, tokenHash, ttlMs: DAY },
    { type: 'claimGuest', accountId, linkHash },
  ]
}
