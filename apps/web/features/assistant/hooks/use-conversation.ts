'use client'

import { useCallback, useEffect, useReducer, useRef } from 'react'
import { useConnection } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'
import { localToday } from '@/lib/format/dates'
import { historyOf, isOpen, reduceConversation, type Turn } from '../model/conversation'

/** Asks, reads the answer as it is generated, and stops it all the way when told to. */
export function useConversation() {
  const connection = useConnection()
  const [turns, dispatch] = useReducer(reduceConversation, [])
  const running = useRef<{ id: number; controller: AbortController }>(undefined)
  const nextId = useRef(1)

  const stop = useCallback(() => {
    const { id, controller } = running.current ?? {}
    controller?.abort()
    if (id !== undefined) dispatch({ type: 'stopped', id })
  }, [])

  useEffect(() => () => running.current?.controller.abort(), [])

  const ask = async (question: string, again?: Turn) => {
    stop()
    const id = again?.id ?? nextId.current++
    const controller = new AbortController()
    running.current = { id, controller }
    const history = historyOf(turns.filter((turn) => turn.id !== id))
    dispatch({ type: 'asked', id, question })
    let words = describe
    try {
      const backend = await connection.backend()
      words = backend.describeError
      const request = { question, history, localDate: localToday() }
      const answer = backend.readStream((signal) => backend.assistant.askBot(request, { signal }), {
        signal: controller.signal,
      })
      for await (const { event } of answer) dispatch({ type: 'came', id, event })
    } catch (error) {
      if (controller.signal.aborted) return
      dispatch({ type: 'failed', id, problem: words(error) })
    }
  }

  return { turns, busy: turns.some(isOpen), ask, stop }
}
