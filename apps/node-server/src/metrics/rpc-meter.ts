import { type Code, ConnectError, type Interceptor } from '@connectrpc/connect'
import { codeToString } from '@connectrpc/connect/protocol-connect'
import { Counter, type Metric, type Registry } from 'prom-client'
import { CallCounts, rpcSeconds } from './call-counts.ts'

export interface RpcMeter {
  /** For calls by themselves. */
  readonly interceptor: Interceptor
  /** For those of them that go past the interceptors; its own are here, too. */
  readonly single: CallCounts
  /** For those that come in a stream of commands. */
  readonly streamed: CallCounts
}

/** Counts calls by method, way and code. The time of a stream is not that of an answer: streams are counted only. */
export function createRpcMeter(registry: Registry): RpcMeter {
  const single = new CallCounts()
  const streamed = new CallCounts()
  const ways: readonly Way[] = [
    ['call', single],
    ['stream', streamed],
  ]
  const calls = countCalls(registry, ways)
  measureCalls(registry, ways)
  return {
    single,
    streamed,
    interceptor: (next) => async (request) => {
      const service = request.service.typeName
      const method = request.method.name
      const beganMs = performance.now()
      let code: Code | 0 = 0
      try {
        return await next(request)
      } catch (error) {
        code = ConnectError.from(error).code
        throw error
      } finally {
        if (request.stream) calls.inc({ service, method, transport: 'call', code: nameOf(code) })
        else single.count(`${service}/${method}`, code, performance.now() - beganMs)
      }
    },
  }
}

/** Its label, and what was counted. */
type Way = readonly [transport: string, counts: CallCounts]

const nameOf = (code: number): string => (code === 0 ? 'ok' : codeToString(code as Code))

function labelsOf(transport: string, name: string) {
  const [service = '', method = ''] = name.split('/')
  return { service, method, transport }
}

function countCalls(registry: Registry, ways: readonly Way[]) {
  const told = new Map<string, number>()
  return new Counter({
    name: 'quorail_rpc_calls_total',
    help: 'Calls of the API by how they came and how they ended; a stream counts when it has begun',
    labelNames: ['service', 'method', 'transport', 'code'],
    registers: [registry],
    collect() {
      for (const [transport, counts] of ways)
        for (const [name, { byCode }] of counts.methods())
          byCode.forEach((count, number) => {
            const code = nameOf(number)
            const key = `${transport} ${name} ${code}`
            this.inc({ ...labelsOf(transport, name), code }, count - (told.get(key) ?? 0))
            told.set(key, count)
          })
    },
  })
}

const secondsName = 'quorail_rpc_seconds'

function measureCalls(registry: Registry, ways: readonly Way[]): void {
  // The library can not take sums: it writes what is told here.
  const metric = {
    name: secondsName,
    help: 'From a request that was read to its answer; streams are not in it, the calls in streams of commands are',
    type: 'histogram',
    aggregator: 'sum',
    reset() {},
    get() {
      const { name, help, type, aggregator } = this
      const values = ways.flatMap(([transport, counts]) =>
        [...counts.methods()].flatMap((method) => valuesOf(transport, method)),
      )
      return { name, help, type, aggregator, values }
    },
  }
  registry.registerMetric(metric as unknown as Metric)
}

function valuesOf(
  transport: string,
  [name, { byBound, sumSeconds }]: [
    string,
    { readonly byBound: readonly number[]; readonly sumSeconds: number },
  ],
) {
  const labels = labelsOf(transport, name)
  let count = 0
  const buckets = byBound.map((more, bound) => {
    count += more
    const le = rpcSeconds[bound] ?? '+Inf'
    return { metricName: `${secondsName}_bucket`, labels: { le, ...labels }, value: count }
  })
  return [
    ...buckets,
    { metricName: `${secondsName}_sum`, labels, value: sumSeconds },
    { metricName: `${secondsName}_count`, labels, value: count },
  ]
}
