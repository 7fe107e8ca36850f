import { createHash } from 'node:crypto'
import type { Value } from '../../src/rows.ts'
import type { Check, Seen, Step } from './check.ts'

/** What has been seen of a draw: who entered, and who had their turn so far. */
export interface SeenDraw {
  readonly runIds: readonly number[]
  readonly commitment: string
  seed: string
  done: boolean
  readonly accounts: number[]
  readonly salts: string[]
  readonly ranks: Map<number, number>
  lastKey: string
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

export const drawChecks: Readonly<Record<string, Check>> = {
  N2: (step, seen) => {
    const before = new Map([...seen.draws].map(([id, draw]) => [id, draw.done]))
    const won = new Set<number>()
    for (const change of step.changes) {
      if (change.type !== 'upsert') continue
      const { table, values } = change
      if (table === 'draws') see(seen, values)
      const problem =
        table === 'draw_entries'
          ? entered(seen, values)
          : table === 'draw_results'
            ? drawn(seen, values, won)
            : undefined
      if (problem !== undefined) return problem
    }
    return soldBeside(step, seen, before, won)
  },
}

function see({ draws }: Seen, values: readonly Value[]): void {
  const id = values[0] as number
  const draw = draws.get(id) ?? {
    runIds: JSON.parse(values[1] as string) as number[],
    commitment: values[6] as string,
    seed: '',
    done: false,
    accounts: [],
    salts: [],
    ranks: new Map(),
    lastKey: '',
  }
  draw.seed = values[7] as string
  draw.done = values[8] === 'done'
  draws.set(id, draw)
}

function entered({ draws }: Seen, [id, number, account, , , salt]: readonly Value[]) {
  const draw = draws.get(id as number)
  if (draw === undefined) return `an entry of draw ${id}, which is not there`
  // The names of who has left are erased there, too.
  if (draw.accounts[(number as number) - 1] === account) return undefined
  if (draw.accounts.includes(account as number)) return `${account} is in draw ${id} twice`
  draw.accounts.push(account as number)
  draw.salts.push(salt as string)
  return number === draw.accounts.length ? undefined : `${number} is the wrong number in draw ${id}`
}

function drawn({ draws }: Seen, values: readonly Value[], won: Set<number>): string | undefined {
  const [id, number, salt, key, rank, account, bookingId] = values as readonly [
    number,
    number,
    string,
    string,
    number,
    number,
    number,
  ]
  const draw = draws.get(id)
  if (draw === undefined) return `a result of draw ${id}, which is not there`
  const digest = draw.salts.reduce((chain, of, i) => hash(`${chain}:${i + 1}:${of}`), '')
  const expected = hash(`${draw.seed || draw.commitment}:${digest}:${number}`)
  if (key !== expected) return `entry ${number} of draw ${id} has another place than its hash`
  if (key <= draw.lastKey) return `entry ${number} of draw ${id} comes out of order`
  draw.lastKey = key
  if (draw.ranks.has(number)) return `entry ${number} of draw ${id} has two turns`
  draw.ranks.set(number, rank)
  if (rank !== draw.ranks.size) return `entry ${number} of draw ${id} has the wrong rank`
  if (draw.accounts[number - 1] !== account || draw.salts[number - 1] !== salt) {
    return `entry ${number} of draw ${id} is another one than was entered`
  }
  if (bookingId > 0) won.add(bookingId)
  return undefined
}

/** Of a run under a draw nothing is held but by it. */
function soldBeside(
  { scope, entry }: Step,
  { draws }: Seen,
  before: ReadonlyMap<number, boolean>,
  won: ReadonlySet<number>,
): string | undefined {
  for (const booking of scope.bookings) {
    if (booking.heldAtIndex !== entry.index || won.has(booking.bookingId)) continue
    for (const [id, draw] of draws) {
      if (before.get(id) !== false || draw.done) continue
      if (draw.runIds.includes(booking.run.runId)) {
        return `${booking.bookingId} has seats of draw ${id} without having been drawn`
      }
    }
  }
  return undefined
}
