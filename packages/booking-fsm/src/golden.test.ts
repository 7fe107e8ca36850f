/** A recorded log of every command gives the recorded answers and hashes, whatever was changed since. */
import { describe, expect, it } from 'vitest'
import { answerOf, goldenLogs, readLog } from '../test/golden/log.ts'
import { applyEntry } from './apply.ts'
import { commandTypes, levelOf } from './dispatch.ts'
import { loadState } from './load.ts'
import { rowsOf, stateHash } from './snapshot.ts'
import { createState } from './state.ts'

describe.each(goldenLogs())('the golden log %s', (name) => {
  const lines = readLog(name)

  it('gives what it gave', () => {
    const state = createState()
    for (const { entry, answer, hash } of lines) {
      const at = `entry ${entry.index}`
      expect(answerOf(applyEntry(state, entry).reply), at).toBe(answer)
      if (hash !== '') expect(stateHash(state), at).toBe(hash)
    }
    expect(lines.at(-1)?.hash).not.toBe('')
  })

  it('gives the same when it is loaded half way', () => {
    let state = createState()
    for (const [i, { entry, hash }] of lines.entries()) {
      if (i % 97 === 50) state = loadState(rowsOf(state))
      applyEntry(state, entry)
      if (hash !== '') expect(stateHash(state), `entry ${entry.index}`).toBe(hash)
    }
  })
})

it('every command was done in some golden log: `node test/golden/append.ts` adds what is missing', () => {
  const done = new Set<string>(
    goldenLogs()
      .flatMap(readLog)
      .filter(({ answer }) => !answer.startsWith('refused'))
      .map(({ entry }) => entry.command.type),
  )
  const level = Math.max(...goldenLogs().map((name) => Number(/\d+/.exec(name)?.[0])))
  const wanted = commandTypes.filter((type) => (levelOf(type) ?? 0) <= level)
  const missing = wanted.filter((type) => !done.has(type))
  // Only a log of the second level can be raised to it.
  expect(missing).toEqual(level === 1 ? ['raiseFeatureLevel'] : [])
})
