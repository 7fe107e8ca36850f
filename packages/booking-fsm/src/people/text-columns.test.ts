import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  HOUR,
  join,
  must,
  type Railway,
  railway,
  register,
  runs,
  send,
  waitingLists,
} from '../../test/world.ts'
import type { PassengerInput } from '../commands.ts'
import { rowsOf } from '../snapshot.ts'
import { tables } from '../tables.ts'
import { textColumns } from './text-columns.ts'

const canary = 'Canary'
const party: PassengerInput[] = [{ name: canary }]

/** Where somebody is named, by table and column. */
function namedIn({ state }: Railway): string[] {
  const found = rowsOf(state).flatMap(({ table, values }) => {
    const columns = tables.find(({ name }) => name === table)?.columns ?? []
    return values.flatMap((value, i) =>
      String(value).toLowerCase().includes('canary') ? [`${table}.${columns[i]?.name}`] : [],
    )
  })
  return [...new Set(found)].sort()
}

describe('who is forgotten', () => {
  it('every column with text says what becomes of what it says of a person', () => {
    const texts = tables.flatMap(({ name, columns }) =>
      columns.filter(({ type }) => type === 'text').map((column) => `${name}.${column.name}`),
    )
    // A dated rule is the railway's: it names nobody.
    const isRule = (column: string) => /_rules\./.test(column)
    // What is archived is what it was, but for what is written over: that is decided anew.
    const isArchived = (column: string) => {
      const before = textColumns.get(column.replace(/^archived_/, ''))
      return before === 'nobody' || before === 'pseudonym'
    }
    const undecided = texts.filter(
      (column) => !textColumns.has(column) && !isRule(column) && !isArchived(column),
    )
    expect(undecided, 'decide what becomes of these in text-columns.ts').toEqual([])
    const gone = [...textColumns.keys()].filter((column) => !texts.includes(column))
    expect(gone, 'these are in no table').toEqual([])
  })

  it('is named nowhere any more, whatever they did; and what they had entered comes to nothing', () => {
    const world = railway()
    const olga = register(world, 'olga@example.org', 'operator')
    const account = { email: 'canary@example.org', displayName: canary, passwordHash: 'canary' }
    const { accountId } = must(
      send(world, { type: 'registerAccount', ...account, role: 'passenger' }),
      'accountRegistered',
    )
    const by = { actor: accountId }
    const saved = { passengerId: 0, name: canary, passengerType: '', birthDate: 0 }
    must(send(world, { type: 'savePassenger', ...saved, document: canary }, by), 'passengerSaved')
    must(send(world, { type: 'beginSecondFactor', sealedSecret: canary }, by), 'done')
    // A booking with the name on it, on the list of another, and money against the rules.
    const journey = { runId: world.runId, fromStop: 0, toStop: 4 }
    const hold = { ...journey, classCode: '2', passengers: party, seats: [] }
    const { bookingId, priceMinor } = must(
      send(world, { type: 'holdSeats', ...hold }, by),
      'seatsHeld',
    )
    const paid = { paymentToken: 'tok', amountMinor: priceMinor }
    must(send(world, { type: 'startPayment', bookingId, ...paid }, by), 'paymentStarted')
    for (let i = 0; i < 2; i++) must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    const override = { bookingId, passengers: [0], amountMinor: 1, reason: 'goodwill' } as const
    const asked = send(
      world,
      { type: 'overrideRefund', ...override, note: canary },
      { actor: olga },
    )
    expect(asked.type).not.toBe('refused')
    must(send(world, waitingLists), 'done')
    for (const who of [world.ann, world.bob])
      confirmed(world, who, world.runId, { classCode: '1', passengers: 3 })
    const waiting = must(
      send(world, { ...join(world.runId), passengers: party } as never, by),
      'waitingListJoined',
    )
    const [drawn = 0] = must(send(world, runs(world.trainId, 6)), 'runsAdded').runIds
    const { drawId } = must(
      send(world, {
        type: 'openDraw',
        runIds: [drawn],
        windowFromMs: world.nowMs,
        windowToMs: world.nowMs + 4 * DAY,
        revealByMs: world.nowMs + 4 * DAY + HOUR,
        holdMs: HOUR,
        seedCommitment: 'a'.repeat(64),
      }),
      'drawOpened',
    )
    const wishes = [{ runId: drawn, fromStop: 0, toStop: 4, classCode: '2' }]
    const entry = { drawId, wishes, passengers: party, salt: 'b'.repeat(16) }
    must(send(world, { type: 'enterDraw', ...entry }, by), 'drawEntered')
    const before = namedIn(world)
    for (const column of ['accounts.email', 'bookings.names', 'draw_entries.passengers'])
      expect(before).toContain(column)
    for (const column of ['overrides.note', 'waiting.options', 'second_factors.sealed_secret'])
      expect(before).toContain(column)
    for (const column of before) expect(['erased', 'goes']).toContain(textColumns.get(column))

    const leave = { type: 'leaveWaitingList', bookingId: waiting.bookingId } as const
    must(send(world, leave, by), 'done')
    world.nowMs += 3 * DAY
    for (const outboxId of [...world.state.effects.keys()]) done(world, outboxId)
    must(send(world, { type: 'deleteAccount', accountId }, by), 'done')
    must(send(world, { type: 'tick' }), 'done')
    expect(namedIn(world)).toEqual([])

    const bookings = world.state.meta.nextBookingId
    world.nowMs += 2 * DAY
    for (let i = 0; i < 5; i++) must(send(world, { type: 'tick' }), 'done')
    expect(world.state.draws.get(drawId)?.status).toBe('done')
    expect(world.state.meta.nextBookingId).toBe(bookings)
  })
})
