'use client'

import { useEffect, useReducer } from 'react'
import type { Backend } from '@/lib/api/backend'
import { useConnection } from '@/lib/api/connection'
import { type NodeEvent, type NodeView, reduceNodes, startNodes } from '../model/nodes'

/** A node speaks at least every two seconds; twice that without a word, and it is silent. */
const silenceMs = 4_000
const pauseFirstMs = 400
const pauseMostMs = 4_000

/** One stream to each node, straight to it, opened again as long as the page is there. */
export function useNodes(): readonly NodeView[] {
  const { addresses, backend } = useConnection()
  const [nodes, dispatch] = useReducer(reduceNodes, addresses.nodes, startNodes)
  useEffect(() => {
    const controller = new AbortController()
    for (const url of addresses.nodes) void follow(backend, url, controller.signal, dispatch)
    return () => controller.abort()
  }, [addresses, backend])
  return nodes
}

async function follow(
  load: () => Promise<Backend>,
  url: string,
  signal: AbortSignal,
  dispatch: (event: NodeEvent) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const backend = await load()
      const client = backend.node(url)
      const stream = backend.readStream((inner) => client.watchStatus({}, { signal: inner }), {
        signal,
        silenceMs,
      })
      for await (const { status } of stream) {
        if (status !== undefined) dispatch({ type: 'heard', url, status })
        failures = 0
      }
    } catch {
      // Whatever it was, the answer is the same: say so, wait, ask again.
    }
    if (signal.aborted) return
    dispatch({ type: 'silent', url })
    const most = Math.min(pauseMostMs, pauseFirstMs * 2 ** failures)
    await new Promise((resolve) => setTimeout(resolve, most * (0.5 + Math.random() / 2)))
  }
}
