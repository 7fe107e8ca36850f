/** For anybody: whether a draw went as it should, from what is published of it. */
import { sha256Text } from '../sha256.ts'
import { nextDigest, orderKey } from './draw.ts'

export interface PublishedDraw {
  readonly seedCommitment: string
  /** '' when it was not revealed in time. */
  readonly seed: string
  /** In the order in which they entered, with the numbers from 1. */
  readonly entries: readonly PublishedEntry[]
}
export interface PublishedEntry {
  readonly number: number
  readonly salt: string
  /** From 1: when it was their turn. */
  readonly rank: number
}

/** What is wrong with it, in sentences; empty when nothing is. */
export function verifyDraw(draw: PublishedDraw): string[] {
  const { seed, seedCommitment, entries } = draw
  const problems: string[] = []
  if (seed !== '' && sha256Text(seed) !== seedCommitment) {
    problems.push('The seed is not the one that was committed to.')
  }
  let digest = ''
  for (const [i, { number, salt }] of entries.entries()) {
    if (number !== i + 1) problems.push(`Entry ${i + 1} is missing or stands twice.`)
    digest = nextDigest(digest, number, salt)
  }
  const ordered = entries
    .map((entry) => ({ entry, key: orderKey({ seed, seedCommitment, digest }, entry.number) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.entry.number - b.entry.number))
  for (const [i, { entry }] of ordered.entries()) {
    if (entry.rank !== i + 1) {
      problems.push(`Entry ${entry.number} should have come as number ${i + 1}, not ${entry.rank}.`)
    }
  }
  return problems
}
