import http from 'node:http'
import { listenOnAll } from '../http/listen.ts'
import type { NodeMetrics } from './node-metrics.ts'

export interface MetricsPort {
  readonly port: number
  close(): Promise<void>
}

/** `GET /metrics`, on a port of its own: what a node counts is not for everybody who may book. */
export async function openMetricsPort(
  metrics: NodeMetrics,
  port: number,
  hosts: readonly string[],
): Promise<MetricsPort> {
  const server = http.createServer({ requestTimeout: 5_000 }, (request, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics') response.writeHead(404).end()
    else if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end()
    else void answer(metrics, response)
  })
  const listening = await listenOnAll(server, port, hosts)
  return {
    port: listening.port,
    close: () =>
      new Promise((resolve) => {
        listening.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(metrics: NodeMetrics, response: http.ServerResponse): Promise<void> {
  try {
    const text = await metrics.text()
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text)
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
  }
}
