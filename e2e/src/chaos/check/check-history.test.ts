import { expect, test } from 'vitest'
import type { FinalBooking, History, Operation, Outcome, SeatMapAnswer } from '../history.ts'
import { checkHistory } from './check-history.ts'
import { sampleHistory } from './sample-history.ts'

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

const codes = (history: History): string[] => checkHistory(history).findings.map(({ code }) => code)

type Done = Outcome & { readonly type: 'done' }

/** The history with one operation changed: the last in the middle third that fits. */
function with1(
  history: History,
  fits: (operation: Operation) => boolean,
  change: (operation: Operation) => Operation | undefined,
): History {
  const third = Math.floor(history.operations.length / 3)
  const at = history.operations.findIndex((operation, place) => place > third && fits(operation))
  expect(at).toBeGreaterThan(0)
  const operations = history.operations.flatMap((operation, place) =>
    place === at ? (change(operation) ?? []) : operation,
  )
  return { ...history, operations }
}

const isDone = ({ outcome }: Operation): boolean => outcome.type === 'done'

const answered = (operation: Operation, change: Partial<Done>): Operation => ({
  ...operation,
  outcome: { ...(operation.outcome as Done), ...change },
})

function onNode(
  history: History,
  node: string,
  change: (rows: readonly FinalBooking[]) => readonly FinalBooking[],
): History {
  return { ...history, final: { ...history.final, [node]: change(history.final[node] ?? []) } }
}

test.each(seeds)('what a correct cluster does is found correct (seed %i)', (seed) => {
  const { findings, compared, undecided } = checkHistory(sampleHistory(seed))
  expect(findings).toEqual([])
  expect(compared).toBeGreaterThan(100)
  expect(undecided).toBeLessThan(compared / 20)
})

test.each(seeds)('a lost acknowledgement is found (seed %i)', (seed) => {
  const history = sampleHistory(seed)
  expect(codes(onNode(history, 'n2', (rows) => rows.slice(0, -1)))).toEqual(['lost'])
})

test.each(seeds)('a cancellation that is forgotten on one node is found (seed %i)', (seed) => {
  const history = onNode(sampleHistory(seed), 'n3', (rows) => {
    const at = rows.findIndex(({ status }) => status === 'CANCELLED')
    return rows.map((row, place) => (place === at ? { ...row, status: 'CONFIRMED' } : row))
  })
  expect(codes(history)).toEqual(['lost'])
})

test.each(seeds)('a booking that two are given is found (seed %i)', (seed) => {
  const history = sampleHistory(seed)
  const first = history.operations.find(
    (operation) => operation.call.kind === 'hold' && isDone(operation),
  ) as Operation
  const doubled = with1(
    history,
    (operation) => operation.call.kind === 'hold' && isDone(operation),
    (operation) => answered(operation, { answer: (first.outcome as Done).answer }),
  )
  expect(codes(doubled)).toContain('lost')
})

test.each(seeds)('a stale read is found by its index (seed %i)', (seed) => {
  const history = with1(
    sampleHistory(seed),
    ({ call, outcome }) => call.kind === 'seatMap' && outcome.type === 'done',
    (operation) => answered(operation, { index: (operation.outcome as Done).index - 40 }),
  )
  expect(codes(history)).toContain('staleRead')
})

test.each(seeds)('an old map with a new index is found (seed %i)', (seed) => {
  const sample = sampleHistory(seed)
  const maps = sample.operations.filter(({ call }) => call.kind === 'seatMap')
  const shown = (operation: Operation): string =>
    JSON.stringify([...((operation.outcome as Done).answer as SeatMapAnswer).taken].sort())
  const later = maps.slice(Math.floor(maps.length / 2))
  const old = maps.find((one) => later.some((other) => shown(other) !== shown(one))) as Operation
  const history = with1(
    sample,
    (operation) =>
      later.includes(operation) && isDone(operation) && shown(operation) !== shown(old),
    (operation) => answered(operation, { answer: (old.outcome as Done).answer }),
  )
  expect(codes(history)).toContain('wrongRead')
})

test.each(seeds)('a booking read that shows what was before is found (seed %i)', (seed) => {
  const history = with1(
    sampleHistory(seed),
    ({ call, outcome }) =>
      call.kind === 'booking' &&
      outcome.type === 'done' &&
      outcome.answer.kind === 'booking' &&
      outcome.answer.status === 'PAYING',
    (operation) => {
      const { answer } = operation.outcome as Done
      return answered(operation, { answer: { ...answer, status: 'HELD' } as Done['answer'] })
    },
  )
  expect(codes(history)).toContain('wrongRead')
})

test.each(seeds)('a seat that is sold twice is found (seed %i)', (seed) => {
  const sample = sampleHistory(seed)
  const hold = sample.operations.find(
    ({ call, outcome }) => call.kind === 'hold' && outcome.type === 'done' && outcome.exact,
  ) as Operation
  const { index, answer } = hold.outcome as Done
  const twin = { ...answer, bookingId: 9_999, name: 'Somebody else' } as Done['answer']
  const call = { ...hold.call, name: 'Somebody else' } as Operation['call']
  const second: Operation = {
    ...answered(hold, { index: index + 0.5, answer: twin }),
    ...{ client: 99, nth: 1, call },
  }
  const found = codes({ ...sample, operations: [...sample.operations, second] })
  expect(found).toContain('soldTwice')
})

test.each(seeds)('a write that is ordered before what it came after is found (seed %i)', (seed) => {
  const history = with1(
    sampleHistory(seed),
    (operation) => operation.call.kind === 'hold' && isDone(operation),
    (operation) => answered(operation, { index: 101, exact: true }),
  )
  expect(codes(history)).toContain('order')
})

test.each(seeds)('two writes at one index are found (seed %i)', (seed) => {
  const sample = sampleHistory(seed)
  const writes = sample.operations.filter(({ call }) => call.kind === 'pay')
  const [first, second] = writes.slice(-2) as [Operation, Operation]
  const { index } = first.outcome as Done
  const history = with1(
    { ...sample },
    (operation) => operation === second,
    (operation) => answered(operation, { index }),
  )
  expect(codes(history)).toContain('order')
})

test.each(seeds)('a refusal for a seat that nobody had is found (seed %i)', (seed) => {
  const history = with1(
    sampleHistory(seed),
    ({ outcome }) => outcome.type === 'refused',
    (operation) => ({ ...operation, call: { ...operation.call, seat: 40 } as Operation['call'] }),
  )
  expect(codes(history)).toContain('refusedWithoutReason')
})

test('an outcome that stayed unknown, nodes that differ and a ledger that does not balance are found', () => {
  const history = sampleHistory(1)
  const unknown = with1(
    history,
    ({ outcome }) => outcome.type === 'refused',
    (operation) => ({ ...operation, outcome: { type: 'unknown', code: 'OUTCOME_UNKNOWN' } }),
  )
  expect(codes(unknown)).toEqual(['unresolved'])
  const hashes = { ...history.hashes, n2: { index: history.hashes.n1?.index ?? 0, hash: 'abd' } }
  expect(codes({ ...history, hashes })).toEqual(['nodesDiffer'])
  const { n3: _absent, ...two } = history.hashes
  expect(codes({ ...history, hashes: two })).toEqual(['nodesDiffer'])
  expect(codes({ ...history, ledger: { sumMinor: 5, orphans: 0 } })).toEqual(['ledger'])
  expect(codes({ ...history, ledger: { sumMinor: 0, orphans: 1 } })).toEqual(['ledger'])
})

test('a booking that appears though its request certainly was not done is found', () => {
  const history = with1(
    sampleHistory(1),
    (operation) => operation.call.kind === 'hold' && isDone(operation),
    (operation) => ({ ...operation, outcome: { type: 'notDone', code: 'NO_QUORUM' } }),
  )
  expect(codes(history)).toContain('appeared')
})
