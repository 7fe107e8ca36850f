import { expect, it } from 'vitest'
import { FOUNDING } from '../testing/log-store-suite.ts'
import { MemoryLog } from '../testing/memory-log.ts'
import type { LogWrite } from '../types.ts'
import type { Checker } from './checker.ts'
import { LogHistory, ObservedLog } from './observed-log.ts'

it('bug: a change that rests on a commit of the same turn was taken for one that came too early', () => {
  const calls: string[] = []
  const note = (name: string) => () => void calls.push(name)
  const known: Partial<Checker> = {
    changeAppended: note('change appended'),
    beginsAt: () => {},
    logged: () => {},
    fail: (_, message) => {
      throw new Error(message)
    },
  }
  const log = new ObservedLog(
    new MemoryLog(FOUNDING),
    new LogHistory(() => undefined),
    known as Checker,
    {
      id: 'n1',
      isSynced: () => true,
      isLeader: () => true,
      noteCommits: note('commits noted'),
      moment: () => {},
    },
  )
  log.open(() => {})
  const write: LogWrite = {
    id: 1,
    truncateFrom: undefined,
    entries: [{ index: 1, term: 1, kind: 'config', data: new Uint8Array(0) }],
    hardState: undefined,
    base: undefined,
    genesis: undefined,
    peers: [],
  }
  log.write(write, () => {})
  expect(calls).toEqual(['commits noted', 'change appended'])
})
