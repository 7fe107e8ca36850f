import http from 'node:http'
import type net from 'node:net'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { createValidateInterceptor } from '@connectrpc/validate'
import { LlmService } from '@quorail/proto/quorail/llm/v1/llm_pb'
import { type LlamaProcess, startLlama } from './llama-process.ts'
import { createLlmService } from './llm-service.ts'
import type { GatewayOptions } from './options.ts'

export interface Gateway {
  readonly address: string
  close(): Promise<void>
}

/** Listens on localhost and answers `quorail.llm.v1.LlmService`. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const llama = modelServer(options)
  const routes = connectNodeAdapter({
    routes: (router) => {
      router.service(LlmService, createLlmService({ llama, concurrency: options.concurrency }))
    },
    interceptors: [createValidateInterceptor()],
    readMaxBytes: 1 << 20,
  })
  const server = http.createServer({ noDelay: true }, (request, response) => {
    if (request.url === '/healthz') response.end('ok\n')
    else routes(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as net.AddressInfo
  return {
    address: `http://localhost:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all([closed, llama.stop()])
    },
  }
}

function modelServer({ llamaUrl, llamaModel, llamaProgram }: GatewayOptions): LlamaProcess {
  if (llamaUrl !== undefined)
    return { url: () => llamaUrl, problem: () => '', stop: async () => {} }
  if (llamaModel !== undefined) return startLlama(llamaProgram, llamaModel)
  const problem = 'No model is set: start with LLAMA_SERVER_URL or LLAMA_MODEL.'
  return { url: () => undefined, problem: () => problem, stop: async () => {} }
}
