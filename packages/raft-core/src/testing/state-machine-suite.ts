import type { Random, StateMachine } from '../ports.ts'
import type { Entry } from '../types.ts'
import { check } from './log-history.ts'
import type { SuiteCase } from './log-store-suite.ts'
import { show } from './picture.ts'
import { randomInteger, randomStream } from './random.ts'
import { snapshotCases } from './state-machine-suite-snapshots.ts'
import {
  applyEntries,
  entriesOf,
  pictureOf,
  type Waiting,
  waiting,
} from './state-machine-suite-steps.ts'

/** A state machine under test. */
export interface StateMachineSubject<Machine extends StateMachine<unknown>> {
  /** A new one with nothing applied, or what a node starts with. Each its own. */
  create(): Machine | Promise<Machine>
  /** Commands as a user would propose them, in an order in which they do something. At least two. */
  readonly commands: readonly Uint8Array[]
  /**
   * The state as a value that can be compared: text, bytes, plain data. Where given, states are
   * compared as well as results, which finds more.
   */
  picture?(machine: Machine): unknown
  /** Ends it and opens what it left behind, as a restart would. Where given, restarts are tried. */
  reopen?(machine: Machine): Machine | Promise<Machine>
  /** Lets so many milliseconds pass. Needed where `apply` waits for more than promises. */
  wait?(ms: number): Promise<void>
}

/** What every state machine must do. */
export function stateMachineSuite<Machine extends StateMachine<unknown>>(
  given: StateMachineSubject<Machine>,
): readonly SuiteCase[] {
  const subject = { ...given, ...waiting(given.wait) }
  const cases: SuiteCase[] = []
  const add = (name: string, run: () => Promise<void>): void => {
    cases.push({ name, run })
  }
  const history = (machine: Machine) => entriesOf(subject.commands, machine.appliedIndex + 1)
  /** Applies everything, cut into batches by `size`; the results, and the state. */
  const play = async (size: (left: number) => number, machine?: Machine) => {
    const played = machine ?? (await subject.create())
    const entries = history(played)
    const results: unknown[] = []
    for (let at = 0; at < entries.length; ) {
      const count = Math.max(1, Math.min(size(entries.length - at), entries.length - at))
      results.push(...(await applyEntries(subject, played, entries.slice(at, at + count))))
      at += count
    }
    return { results: results.map(show), state: pictureOf(subject, played) }
  }

  add('it is new, and says up to where its state goes', async () => {
    check(subject.commands.length >= 2, 'the suite needs at least two commands')
    const machine = await subject.create()
    const { appliedIndex } = machine
    const isIndex = Number.isSafeInteger(appliedIndex) && appliedIndex >= 0
    check(isIndex, `its appliedIndex is ${appliedIndex}`)
    const other = await subject.create()
    check(machine !== other, 'create() gave the same machine twice')
  })
  add('one result for each entry, the first of a leader included', async () => {
    const machine = await subject.create()
    for (const entry of history(machine)) await applyEntries(subject, machine, [entry])
    const another = await subject.create()
    await applyEntries(subject, another, history(another))
  })
  add('appliedIndex never names more than was applied', async () => {
    const machine = await subject.create()
    const start = machine.appliedIndex
    for (const entry of history(machine)) {
      await applyEntries(subject, machine, [entry])
      const { appliedIndex } = machine
      const fits = appliedIndex >= start && appliedIndex <= entry.index
      check(fits, `its appliedIndex is ${appliedIndex} after entry ${entry.index}`)
    }
  })
  add('the same entries give the same results and the same state, every time', async () => {
    const first = await play((left) => left)
    for (let round = 0; round < 5; round++) compare(await play((left) => left), first, 'again')
  })
  add('it does not matter how the entries are cut into batches', async () => {
    const whole = await play((left) => left)
    compare(await play(() => 1), whole, 'one at a time')
    for (let seed = 1; seed <= 10; seed++) {
      const random = randomStream(seed, 'cuts')
      compare(await play(() => randomInteger(random, 1, 4)), whole, 'in batches of 1 to 4')
    }
  })
  add('a command that makes no sense is answered, not thrown at the node', async () => {
    const machine = await subject.create()
    let index = machine.appliedIndex + 1
    for (const data of nonsense(subject.commands)) {
      await applyEntries(subject, machine, [{ index, term: 1, kind: 'command', data }])
      index += 1
    }
    for (const entry of entriesOf(subject.commands, index))
      await applyEntries(subject, machine, [entry])
  })
  add('entries are left as they were', async () => {
    const machine = await subject.create()
    const entries = history(machine)
    const before = show(entries)
    await applyEntries(subject, machine, entries)
    check(show(entries) === before, 'it changed an entry')
  })
  add('it keeps no bytes of an entry: their memory is used again', async () => {
    const expected = await play(() => 1)
    const machine = await subject.create()
    const results: unknown[] = []
    for (const entry of history(machine)) {
      const data = entry.data.slice()
      const [result] = await applyEntries(subject, machine, [{ ...entry, data }])
      results.push(show(result))
      data.fill(0xff)
    }
    compare({ results: results as string[], state: pictureOf(subject, machine) }, expected, 'then')
  })
  if (subject.reopen !== undefined) cases.push(restarts(subject, play))
  cases.push(...snapshotCases(subject))
  return cases
}

function restarts<Machine extends StateMachine<unknown>>(
  subject: StateMachineSubject<Machine> & Waiting,
  play: (size: (left: number) => number) => Promise<Played>,
): SuiteCase {
  const run = async () => {
    const expected = await play(() => 1)
    for (let stop = 1; stop <= subject.commands.length; stop++) {
      const machine = await subject.create()
      const entries = entriesOf(subject.commands, machine.appliedIndex + 1)
      for (const entry of entries.slice(0, stop)) await applyEntries(subject, machine, [entry])
      const again = (await subject.reopen?.(machine)) as Machine
      const { appliedIndex } = again
      const last = (entries[stop - 1] as Entry).index
      check(appliedIndex <= last, `reopened, it says ${appliedIndex} of ${last} entries are in it`)
      for (const entry of entries)
        if (entry.index > appliedIndex) await applyEntries(subject, again, [entry])
      const state = pictureOf(subject, again)
      check(state === expected.state, `after a restart at entry ${last} its state is ${state}`)
    }
  }
  return { name: 'a restart loses nothing that appliedIndex names, and repeats nothing', run }
}

interface Played {
  readonly results: readonly string[]
  readonly state: string
}

function compare(actual: Played, expected: Played, how: string): void {
  const wrong = expected.results.findIndex((result, i) => result !== actual.results[i])
  check(
    wrong === -1,
    `${how}, result ${wrong} is ${actual.results[wrong]}, it was ${expected.results[wrong]}`,
  )
  check(
    actual.state === expected.state,
    `${how}, the state is ${actual.state}, it was ${expected.state}`,
  )
}

function* nonsense(commands: readonly Uint8Array[]): Generator<Uint8Array> {
  const random: Random = randomStream(1, 'nonsense')
  yield new Uint8Array(0)
  for (const command of commands) {
    for (let i = 0; i < 20; i++) {
      const damaged = command.slice(0, randomInteger(random, 0, command.length))
      if (damaged.length > 0) {
        damaged[randomInteger(random, 0, damaged.length - 1)] = randomInteger(random, 0, 255)
      }
      yield damaged
    }
  }
  for (let size = 1; size < 60; size++) {
    yield Uint8Array.from({ length: size }, () => randomInteger(random, 0, 255))
  }
}
