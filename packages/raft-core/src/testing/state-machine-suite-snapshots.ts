/** What a state machine must do that captures its state and takes another. */
import type { SnapshotReader, StateCapture, StateMachine } from '../ports.ts'
import type { Entry, SnapshotMark } from '../types.ts'
import { check } from './log-history.ts'
import type { SuiteCase } from './log-store-suite.ts'
import { show } from './picture.ts'
import { applyEntries, entriesOf, pictureOf, type Waiting } from './state-machine-suite-steps.ts'

/** A piece is held in memory as a whole, on both sides. */
const MOST_PIECE_BYTES = 16 << 20

type Subject<Machine> = Waiting & {
  create(): Machine | Promise<Machine>
  readonly commands: readonly Uint8Array[]
  picture?(machine: Machine): unknown
}

/** Nothing for a machine without `capture` and `restore`. */
export function snapshotCases<Machine extends StateMachine<unknown>>(
  subject: Subject<Machine>,
): readonly SuiteCase[] {
  const cases: SuiteCase[] = []
  const add = (name: string, run: (parts: Parts<Machine>) => Promise<void>): void => {
    const whole = async () => {
      const parts = await prepare(subject)
      if (parts !== undefined) await run(parts)
    }
    cases.push({ name: `snapshots: ${name}`, run: whole })
  }
  add('what is captured can be restored, and goes on as if nothing had been', async (parts) => {
    const { machine, first, rest } = parts
    await applyEntries(subject, machine, first)
    const bytes = await readAll(subject, await capture(subject, machine))
    const expected = pictureOf(subject, machine)
    const results = await applyEntries(subject, machine, rest)
    const other = await subject.create()
    await restored(subject, other, parts, bytes)
    same(pictureOf(subject, other), expected, 'restored, its state')
    same(show(await applyEntries(subject, other, rest)), show(results), 'then, its results')
    same(pictureOf(subject, other), pictureOf(subject, machine), 'then, its state')
  })
  add('a captured state stands still while more is applied', async (parts) => {
    const { machine, first, rest } = parts
    await applyEntries(subject, machine, first)
    const expected = pictureOf(subject, machine)
    const captured = await capture(subject, machine)
    for (const entry of rest) await applyEntries(subject, machine, [entry])
    const bytes = await readAll(subject, captured)
    const other = await subject.create()
    await restored(subject, other, parts, bytes)
    same(pictureOf(subject, other), expected, 'restored, its state')
    const again = await subject.create()
    const { results } = await whole(subject, again, first, rest)
    same(show(await applyEntries(subject, other, rest)), show(results), 'then, its results')
  })
  add('nothing is left of the state that was there before', async (parts) => {
    const { machine, first, rest } = parts
    await applyEntries(subject, machine, first)
    const expected = pictureOf(subject, machine)
    const bytes = await readAll(subject, await capture(subject, machine))
    const { results } = await whole(subject, await subject.create(), first, rest)
    await applyEntries(subject, machine, rest)
    await restored(subject, machine, parts, bytes)
    same(pictureOf(subject, machine), expected, 'restored, its state')
    same(show(await applyEntries(subject, machine, rest)), show(results), 'then, its results')
  })
  add('one that can not be read leaves everything as it was', async (parts) => {
    const { machine, first, rest } = parts
    await applyEntries(subject, machine, first)
    const bytes = await readAll(subject, await capture(subject, machine))
    await applyEntries(subject, machine, rest)
    const expected = pictureOf(subject, machine)
    const { appliedIndex } = machine
    for (const readable of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const error = await restore(subject, machine, parts.mark, readerOf(bytes, readable))
      check(
        error !== undefined,
        `restore took ${readable} of ${bytes.length} bytes for all of them`,
      )
      const what = `after a snapshot that ends after ${readable} bytes,`
      same(pictureOf(subject, machine), expected, `${what} its state`)
      same(String(machine.appliedIndex), String(appliedIndex), `${what} its appliedIndex`)
    }
    await restored(subject, machine, parts, bytes)
  })
  add('a capture may be given up at any time', async (parts) => {
    const { machine, first, rest } = parts
    await applyEntries(subject, machine, first)
    const captured = await capture(subject, machine)
    await piece(subject, captured)
    captured.release()
    const other = await capture(subject, machine)
    other.release()
    const { results } = await whole(subject, await subject.create(), first, rest)
    same(show(await applyEntries(subject, machine, rest)), show(results), 'then, its results')
  })
  return cases
}

interface Parts<Machine> {
  readonly machine: Machine
  readonly first: readonly Entry[]
  readonly rest: readonly Entry[]
  /** After `first`. */
  readonly mark: SnapshotMark
}

async function prepare<Machine extends StateMachine<unknown>>(
  subject: Subject<Machine>,
): Promise<Parts<Machine> | undefined> {
  const machine = await subject.create()
  if (machine.capture === undefined || machine.restore === undefined) return undefined
  const entries = entriesOf(subject.commands, machine.appliedIndex + 1)
  const half = Math.ceil(entries.length / 2)
  const first = entries.slice(0, half)
  const { index, term } = first[half - 1] as Entry
  const lists = { votersOutgoing: [], learners: [], learnersNext: [], promote: [] }
  const membership = { voters: ['n1'], autoLeave: false, ...lists }
  const mark = { index, term, membership, configIndex: 0 }
  return { machine, first, rest: entries.slice(half), mark }
}

async function whole<Machine extends StateMachine<unknown>>(
  subject: Subject<Machine>,
  machine: Machine,
  first: readonly Entry[],
  rest: readonly Entry[],
): Promise<{ readonly results: readonly unknown[] }> {
  await applyEntries(subject, machine, first)
  return { results: await applyEntries(subject, machine, rest) }
}

async function capture(subject: Waiting, machine: StateMachine<unknown>): Promise<StateCapture> {
  const answers: { error: Error | undefined; value: StateCapture }[] = []
  machine.capture?.((error, value) => void answers.push({ error, value }))
  await subject.until(() => answers.length > 0, 'capture did not call back')
  check(answers.length === 1, `capture called back ${answers.length} times`)
  const [answer] = answers
  check(answer?.error === undefined, `capture failed: ${answer?.error?.message}`)
  return (answer as { value: StateCapture }).value
}

async function piece(subject: Waiting, captured: StateCapture): Promise<Uint8Array | undefined> {
  const answers: { error: Error | undefined; value: Uint8Array | undefined }[] = []
  captured.next((error, value) => void answers.push({ error, value }))
  await subject.until(() => answers.length > 0, 'the capture did not give its next piece')
  const [answer] = answers
  check(answer?.error === undefined, `the capture failed: ${answer?.error?.message}`)
  const size = answer?.value?.length ?? 0
  check(size <= MOST_PIECE_BYTES, `a piece has ${size} bytes; a few MiB are the most`)
  // Its memory may be used again for the next one.
  return answer?.value?.slice()
}

async function readAll(subject: Waiting, captured: StateCapture): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (let next = await piece(subject, captured); next !== undefined; ) {
    pieces.push(next)
    next = await piece(subject, captured)
  }
  captured.release()
  const all = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0))
  let at = 0
  for (const one of pieces) {
    all.set(one, at)
    at += one.length
  }
  return all
}

/** Fails beyond the first `readable` bytes, and gives memory that is used again afterwards. */
function readerOf(bytes: Uint8Array, readable = bytes.length): SnapshotReader {
  return {
    sizeBytes: bytes.length,
    read: (offset, length, done) => {
      const to = Math.min(bytes.length, offset + length)
      if (to > readable) done(new Error('the disk does not give it'), new Uint8Array(0))
      else done(undefined, bytes.slice(offset, to))
    },
  }
}

async function restore(
  subject: Waiting,
  machine: StateMachine<unknown>,
  mark: SnapshotMark,
  reader: SnapshotReader,
): Promise<Error | undefined> {
  const answers: (Error | undefined)[] = []
  try {
    machine.restore?.(mark, reader, (error) => void answers.push(error))
  } catch (error) {
    throw new Error(`restore threw: ${String(error)}`)
  }
  await subject.until(() => answers.length > 0, 'restore did not call back')
  check(answers.length === 1, `restore called back ${answers.length} times`)
  return answers[0]
}

async function restored<Machine extends StateMachine<unknown>>(
  subject: Subject<Machine>,
  machine: Machine,
  { mark }: Parts<Machine>,
  bytes: Uint8Array,
): Promise<void> {
  const error = await restore(subject, machine, mark, readerOf(bytes))
  check(error === undefined, `restore failed: ${error?.message}`)
  const { appliedIndex } = machine
  check(appliedIndex === mark.index, `restored at ${mark.index}, it says ${appliedIndex}`)
}

function same(actual: string, expected: string, what: string): void {
  check(actual === expected, `${what} is ${actual}, it was ${expected}`)
}
