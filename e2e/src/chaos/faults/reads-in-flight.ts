/** Reads that are asked of one node only, whatever it says about a leader, and are waited for. */
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { describeError } from '@quorail/cluster-client'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import type { Operation, Outcome } from '../history.ts'
import type { FaultContext } from './fault.ts'

const timeoutMs = 20_000
/** Numbers of clients that nobody else has. */
let nextClient = 1_000

/** Seat maps of all runs, `times` over; they go into the history like everybody's. */
export function readDirectly(context: FaultContext, node: string, times: number) {
  const { cluster, load } = context
  const transport = createConnectTransport({ baseUrl: cluster.url(node), httpVersion: '1.1' })
  const timetable = createClient(TimetableService, transport)
  const ask = async (runId: number, toStop: number): Promise<Operation> => {
    const startMs = performance.now()
    let outcome: Outcome
    try {
      const request = { runId: BigInt(runId), fromStop: 0, toStop }
      const { seats, index } = await timetable.getSeatMap(request, { timeoutMs })
      const taken = seats.filter(({ free }) => !free).map(({ seat }) => seat)
      const answer = { kind: 'seatMap', taken } as const
      outcome = { type: 'done', index: Number(index), exact: true, answer }
    } catch (error) {
      outcome = { type: 'unanswered', code: describeError(error).code }
    }
    const call = { kind: 'seatMap', runId, fromStop: 0, toStop } as const
    const operation: Operation = {
      ...{ client: nextClient++, nth: 1, call, startMs, endMs: performance.now() },
      ...{ attempts: 1, outcome },
    }
    load.operations.push(operation)
    return operation
  }
  const asked = Array.from({ length: times }, () => load.runs)
  return Promise.all(asked.flat().map(({ runId, lastStop }) => ask(runId, lastStop)))
}

/** How they ended, for the proof. */
export function summary(reads: readonly Operation[]): string {
  const counts: Record<string, number> = {}
  for (const { outcome } of reads) {
    const name = outcome.type === 'done' ? 'answered' : 'code' in outcome ? outcome.code : ''
    counts[name] = (counts[name] ?? 0) + 1
  }
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}
