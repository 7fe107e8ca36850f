import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { Entry, LogStore, LogWrite } from '@quorail/raft-core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openClientPort } from '../http/client-port.ts'
import { createClusterService } from '../services/cluster-service.ts'
import { createMemoryHost } from '../testing/memory-host.ts'
import { TraceBook } from '../tracing/trace-book.ts'
import { trace } from './trace.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

/** A node that has had entry 8 in its log, and answers at the address that is given. */
async function startNode() {
  const traces = new TraceBook(1_000)
  const store: Partial<LogStore> = { write: (_write, done) => done(undefined) }
  const log = traces.entries.watching(store as LogStore)
  log.write({ entries: [{ index: 8 } as Entry] } as unknown as LogWrite, () => {})
  const host = createMemoryHost(Date.UTC(2026, 10, 22))
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: (router) => router.service(ClusterService, createClusterService(host, traces)),
    interceptors: [],
    plainRoutes: [],
    health: { unready: () => [] },
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  return { traces, address: `http://127.0.0.1:${port.port}` }
}

/** Runs the command; what it said, and its exit code. */
async function run(...words: string[]) {
  let said = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  try {
    const code = await trace(words)
    return { code, said }
  } finally {
    write.mockRestore()
  }
}

test('finds a slow call by its trace, and its entry on every node', async () => {
  const [leader, follower] = [await startNode(), await startNode()]
  const cluster = `n1=${leader.address},http://127.0.0.1:1;n2=${follower.address},http://127.0.0.1:2`
  leader.traces.entries.applied(8)
  leader.traces.slow({
    trace: traceId,
    index: 8,
    method: 'quorail.booking.v1.BookingService/HoldSeats',
    code: 'ok',
    account: 1,
    ms: 1_204.5,
    stages: { door: 0.4, log: 1_204.1 },
    raft: {},
  })
  const { code, said } = await run(traceId, '--cluster', cluster)
  expect(code).toBe(0)
  expect(said).toMatch(
    /^quorail\.booking\.v1\.BookingService\/HoldSeats on n1: ok, 1204\.5 ms, ended 20/,
  )
  expect(said).toContain('log index 8\n  door 0.4 ms, log 1204.1 ms\nentry 8\n')
  expect(said).toMatch(/ {2}n1: written 20\S+Z, durable after [\d.]+ ms, applied after [\d.]+ ms\n/)
  expect(said).toMatch(/ {2}n2: written 20\S+Z, durable after [\d.]+ ms, not applied yet\n/)
  const byIndex = await run('8', '--cluster', cluster, '--json')
  expect(JSON.parse(byIndex.said)).toMatchObject([
    { id: 'n1', answers: true, calls: [], entries: [{ index: 8 }] },
    { id: 'n2', answers: true, calls: [], entries: [{ index: 8, appliedMs: null }] },
  ])
})

test('says that nothing is remembered, and who does not answer', async () => {
  const { address } = await startNode()
  const cluster = `n1=${address},http://127.0.0.1:1;n2=http://127.0.0.1:1,http://127.0.0.1:2`
  expect(await run('f'.repeat(32), '--cluster', cluster)).toEqual({
    code: 1,
    said: 'Nothing of it is remembered: it was not slow, or it is too long ago.\nNo answer from n2.\n',
  })
  await expect(trace(['latest', '--cluster', cluster])).rejects.toThrow('quorail trace TRACE|INDEX')
})
