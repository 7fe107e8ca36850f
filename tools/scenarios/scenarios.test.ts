/** Our own scenarios, and etcd's where they are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runFile } from './run-file.ts'

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'))

function check(folder: string, name: string): void {
  const file = path.join(folder, name)
  const { mismatch, commands } = runFile(
    readFileSync(file, 'utf8'),
    path.basename(path.dirname(file)),
  )
  expect(mismatch).toBeUndefined()
  expect(commands).toBeGreaterThan(0)
}

const ours = path.join(import.meta.dirname, 'ours')

describe('our own scenarios', () => {
  it.each(filesIn(ours).sort())('%s', (name) => check(ours, name))
})

// Another project's data: not in this tree. Beside the checkout, or wherever the variable says.
const beside = path.join(import.meta.dirname, '../../../shared/etcd-raft-scenarios')
const theirs = process.env.QUORAIL_SCENARIOS_DIR ?? beside
const isThere = existsSync(theirs)

describe.skipIf(!isThere)('etcd’s scenarios', () => {
  it.each(isThere ? filesIn(theirs).sort() : ['none'])('%s', (name) => check(theirs, name))
})

it.skipIf(isThere)('etcd’s scenarios are not here: set QUORAIL_SCENARIOS_DIR', () => {})
