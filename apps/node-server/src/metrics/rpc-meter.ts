import { ConnectError, type Interceptor } from '@connectrpc/connect'
import { codeToString } from '@connectrpc/connect/protocol-connect'
import { Counter, Histogram, type Registry } from 'prom-client'

const rpcSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

/** Counts calls by method and code. The time of a stream is not that of an answer: streams are counted only. */
export function createRpcMeter(registry: Registry): Interceptor {
  const registers = [registry]
  const calls = new Counter({
    name: 'quorail_rpc_calls_total',
    help: 'Calls of the API by how they ended; a stream counts when it has begun',
    labelNames: ['service', 'method', 'code'],
    registers,
  })
  const seconds = new Histogram({
    name: 'quorail_rpc_seconds',
    help: 'From a request that was read to its answer; streams are not in it',
    labelNames: ['service', 'method'],
    buckets: rpcSeconds,
    registers,
  })
  return (next) => async (request) => {
    const labels = { service: request.service.typeName, method: request.method.name }
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
  }
}
