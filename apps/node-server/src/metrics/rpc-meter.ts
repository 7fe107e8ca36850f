import { type Code, ConnectError, type Interceptor } from '@connectrpc/connect'
import { codeToString } from '@connectrpc/connect/protocol-connect'
import { Counter, Histogram, type Metric, type Registry } from 'prom-client'
import { rpcSeconds, StreamedCallCounts } from './streamed-call-counts.ts'

export interface RpcMeter {
  /** For calls by themselves. */
  readonly interceptor: Interceptor
  /** For those that come in a stream of commands. */
  readonly streamed: StreamedCallCounts
}

/** Counts calls by method, way and code. The time of a stream is not that of an answer: streams are counted only. */
export function createRpcMeter(registry: Registry): RpcMeter {
  const streamed = new StreamedCallCounts()
  const calls = countCalls(registry, streamed)
  const seconds = measureCalls(registry, streamed)
  const transport = 'call'
  return {
    streamed,
    interceptor: (next) => async (request) => {
      const labels = { service: request.service.typeName, method: request.method.name, transport }
      const beganMs = performance.now()
      let code = 'ok'
      try {
        return await next(request)
      } catch (error) {
        code = codeToString(ConnectError.from(error).code)
        throw error
      } finally {
        calls.inc({ ...labels, code })
        if (!request.stream) seconds.observe(labels, (performance.now() - beganMs) / 1000)
      }
    },
  }
}

const labelsOf = (name: string) => {
  const [service = '', method = ''] = name.split('/')
  return { service, method, transport: 'stream' }
}

function countCalls(registry: Registry, streamed: StreamedCallCounts) {
  const told = new Map<string, number>()
  return new Counter({
    name: 'quorail_rpc_calls_total',
    help: 'Calls of the API by how they came and how they ended; a stream counts when it has begun',
    labelNames: ['service', 'method', 'transport', 'code'],
    registers: [registry],
    collect() {
      for (const [name, { byCode }] of streamed.methods())
        byCode.forEach((count, number) => {
          const code = number === 0 ? 'ok' : codeToString(number as Code)
          const key = `${name} ${code}`
          this.inc({ ...labelsOf(name), code }, count - (told.get(key) ?? 0))
          told.set(key, count)
        })
    },
  })
}

const secondsName = 'quorail_rpc_seconds'

function measureCalls(registry: Registry, streamed: StreamedCallCounts) {
  const seconds = new Histogram({
    name: secondsName,
    help: 'From a request that was read to its answer; streams are not in it, the calls in streams of commands are',
    labelNames: ['service', 'method', 'transport'],
    buckets: [...rpcSeconds],
    registers: [],
  })
  // The library can not take sums: what it has is told together with them.
  const both = {
    name: secondsName,
    async get() {
      const own = await seconds.get()
      return { ...own, values: [...own.values, ...[...streamed.methods()].flatMap(valuesOf)] }
    },
  }
  registry.registerMetric(both as unknown as Metric)
  return seconds
}

function valuesOf([name, { byBound, sumSeconds }]: [
  string,
  { readonly byBound: readonly number[]; readonly sumSeconds: number },
]) {
  const labels = labelsOf(name)
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
