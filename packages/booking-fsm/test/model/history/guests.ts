/** Commands of those who buy without an account. */
import { type Asked, type Draw, oneIn, passenger, pick, staff } from '../draws.ts'
import type { World } from '../world.ts'

const hour = 3_600_000

export function guests(world: World, draw: Draw): Asked {
  const known = world.accounts.filter((account) => account.guest !== undefined)
  const guest = oneIn(12, draw) ? pick(world.accounts, draw) : pick(known, draw)
  const accountId = guest?.id ?? 1
  const link = guest?.guest?.link ?? ''
  const linkHash = link === '' || oneIn(9, draw) ? (draw() % 3).toString(16).repeat(64) : link
  const tokenHash = (draw() % 8).toString(16).repeat(64)
  const mine = world.bookings.filter((b) => b.accountId === accountId)
  const same = world.accounts.find((a) => a.role === 'passenger' && a.email === guest?.email)
  const email = oneIn(3, draw) ? 'guest@valdoria.example' : pick(world.accounts, draw)?.email
  const commands: readonly Asked[] = [
    {
      actor: oneIn(9, draw) ? passenger(world, draw) : 0,
      command: { type: 'openGuest', email: email ?? 'g@valdoria.example', displayName: 'Guest' },
    },
    {
      actor: oneIn(9, draw) ? passenger(world, draw) : 0,
      command: { type: 'grantGuestLink', accountId, linkHash, ttlMs: hour * (1 + (draw() % 30)) },
    },
    {
      actor: 0,
      command: {
        type: 'requestGuestLink',
        accountId,
        bookingId: pick(mine, draw)?.id ?? draw() % 9,
      },
    },
    {
      actor: oneIn(9, draw) ? passenger(world, draw) : 0,
      command: { type: 'openGuestLink', accountId, linkHash, tokenHash, ttlMs: hour },
    },
    {
      actor: oneIn(6, draw) ? passenger(world, draw) : (same?.id ?? 1),
      command: { type: 'claimGuest', accountId, linkHash },
    },
    {
      actor: staff(world, draw),
      command: {
        type: 'setGuestRule',
        validFromMs: Math.max(0, world.now - hour),
        maxHolds: oneIn(6, draw) ? 0 : 1 + (draw() % 5),
        retentionMs: oneIn(3, draw) ? 0 : hour * (draw() % 48),
      },
    },
  ]
  if (known.length < 2 && !oneIn(4, draw)) return commands[0] as Asked
  return pick(commands, draw) as Asked
}
