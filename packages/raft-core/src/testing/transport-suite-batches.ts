/** Batches that the transport suite sends, and what it expects of those that arrive. */
import type { Lane } from '../ports.ts'
import type { NodeId } from '../types.ts'
import { check } from './log-history.ts'
import type { Party } from './transport-party.ts'

export const MIB = 1 << 20
/** The port lets a transport keep what waits; but no more than this for a peer that is away. */
export const MOST_WAITING = 64 * MIB

/** One case of the suite, by its name. */
export type AddCase = (name: string, run: (party: Party) => Promise<void>) => void

/** Numbered batches from a to b, a hundred a turn: they must all come, in this order. */
export async function inOrder(party: Party, count: number, size: number): Promise<void> {
  party.forget()
  for (let i = 0; i < count; i++) {
    const bytes = pattern(i, size)
    bytes[0] = i & 255
    bytes[1] = i >> 8
    party.send('a', 'b', bytes)
    if (i % 100 === 99) await party.wait(1)
  }
  const numbers = () => party.got('b').map(({ bytes }) => (bytes[0] ?? 0) + 256 * (bytes[1] ?? 0))
  await party.until(() => party.got('b').length >= count, 'batches were lost between two nodes')
  const wrong = numbers().findIndex((number, i) => number !== i)
  check(wrong === -1, `batch ${numbers()[wrong]} arrived where ${wrong} should have`)
}

/** 100 MiB for c, which is not there or no peer: what of it arrives later must have been kept. */
export function sendToNobody(party: Party, lane: Lane): void {
  const bytes = pattern(1, MIB)
  for (let i = 0; i < 100; i++) party.send('a', 'c', bytes, lane)
}

export async function keptLittle(party: Party): Promise<void> {
  await settled(party, 'c')
  const kept = party.bytesOf('c')
  check(kept <= MOST_WAITING, `${kept} bytes had been kept for a node that was away`)
}

/** Nothing more is on its way to a node. */
export async function settled(party: Party, id: NodeId): Promise<void> {
  let before: number
  do {
    before = party.bytesOf(id)
    await party.wait(100)
  } while (party.bytesOf(id) > before)
}

export function pattern(seed: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = (seed * 31 + i * 7 + (i >> 8)) & 255
  return bytes
}

export function same(actual: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  check(actual !== undefined, `${what} did not arrive`)
  const { length } = actual
  check(length === expected.length, `${what} has ${length} bytes, not ${expected.length}`)
  const wrong = actual.findIndex((byte, i) => byte !== expected[i])
  check(wrong === -1, `${what} has changed at byte ${wrong}`)
}
