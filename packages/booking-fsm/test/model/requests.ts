import type { Entry, Reply, RequestKey, ResolveRequest } from '../../src/index.ts'
import { checkKeyShape, isCluster } from './caller.ts'
import { refuse } from './refuse.ts'
import type { ModelRequest, World } from './world.ts'

const dayMs = 86_400_000
const maxRemembered = 100_000
/** Of anybody: fewer are never too many. */
const leastLimits = { burned: 100, answered: 1_000 }

export function findRequest(world: World, key: RequestKey): ModelRequest | undefined {
  return world.requests.find(
    (r) =>
      r.key.principal === key.principal &&
      r.key.method === key.method &&
      r.key.requestId === key.requestId,
  )
}

/** The answer to a request that is known; undefined when it is not. */
export function knownReply(world: World, key: RequestKey): Reply | undefined {
  const known = findRequest(world, key)
  if (known === undefined) return undefined
  if (known.reply === undefined) refuse('requestBurned')
  needPresent(world, known)
  if (known.key.contentHash !== key.contentHash) refuse('requestIdReused')
  return known.reply
}

/** What a booking in the archive answered is not known any more, only that it did, and which booking it is. */
function needPresent(world: World, { reply, forEver }: ModelRequest): void {
  if (!forEver || reply === undefined) return
  const id = bookingIn(world, reply)
  if (world.archived.some((b) => b.id === id)) refuse('requestArchived', { figure: id })
}

function bookingIn(world: World, reply: Reply): number {
  if (reply.type === 'seatsHeld') return reply.bookingId
  if (reply.type === 'tripHeld') return reply.tripId
  if (reply.type !== 'paymentStarted') return 0
  return world.payments.find((p) => p.id === reply.paymentId)?.bookingId ?? 0
}

export function remember(world: World, key: RequestKey, reply: Reply | undefined): void {
  const forEver = ['seatsHeld', 'tripHeld', 'paymentStarted'].includes(reply?.type ?? '')
  world.requests.push({ key, reply, at: world.now, forEver })
  for (let gone = 0; gone < 100; gone++) {
    const going = world.featureLevel < 2 ? oldestOfTooMany(world) : oldestOfItsOwn(world, key)
    if (going === undefined) return
    world.requests = world.requests.filter((r) => r !== going)
  }
}

function oldestOfTooMany(world: World): ModelRequest | undefined {
  const passing = world.requests.filter((r) => !r.forEver)
  return passing.length > maxRemembered ? passing[0] : undefined
}

/** First of the principal's, then of all that are kept in the same place. */
function oldestOfItsOwn(world: World, key: RequestKey): ModelRequest | undefined {
  const newest = world.requests.at(-1)
  if (newest === undefined || newest.forEver) return undefined
  const burned = newest.reply === undefined
  if (world.requests.length <= leastLimits[burned ? 'burned' : 'answered']) return undefined
  const alike = world.requests.filter((r) => !r.forEver && (r.reply === undefined) === burned)
  const own = alike.filter((r) => r.key.principal === key.principal)
  const limited = burned || !key.principal.startsWith('p:')
  if (limited && own.length > (burned ? 100 : 1_000)) return own[0]
  const anonymous = key.principal.startsWith('c:')
  const place = burned ? alike : alike.filter((r) => r.key.principal.startsWith('c:') === anonymous)
  return place.length > (burned || anonymous ? 20_000 : 100_000) ? place[0] : undefined
}

/** At most a thousand per entry, in log order. */
export function forgetOldRequests(world: World): void {
  const old = world.requests.filter((r) => !r.forEver && world.now >= r.at + dayMs).slice(0, 1_000)
  if (old.length > 0) world.requests = world.requests.filter((r) => !old.includes(r))
}

export function resolveRequest(world: World, entry: Entry, command: ResolveRequest): Reply {
  const { key } = command
  checkKeyShape(key)
  const own = key.principal === `a:${entry.actor}`
  const sameClient = entry.actor === 0 && entry.key?.principal === key.principal
  if (!isCluster(entry) && !own && !sameClient) refuse('notAllowed', { field: 'key.principal' })
  const known = findRequest(world, key)
  if (known === undefined) {
    remember(world, key, undefined)
    return { type: 'burned' }
  }
  if (known.reply === undefined) return { type: 'burned' }
  needPresent(world, known)
  if (known.key.contentHash !== key.contentHash) refuse('requestIdReused')
  return { type: 'resolved', reply: known.reply }
}
