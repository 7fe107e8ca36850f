'use client'

import type { Watches, WatchListener } from '@quorail/cluster-client'
import { useEffect, useState } from 'react'
import { useConnection } from './connection'

/**
 * Has what the page shows told as it changes. Gives whether it is: while it is not, the page asks
 * from time to time. `watch` is called again when it is another function; undefined: not yet.
 */
export function useWatch<Value>(
  watch: ((watches: Watches, listener: WatchListener<Value>) => () => void) | undefined,
  onValue: (value: Value, update: Parameters<WatchListener<Value>>[0]) => void,
): boolean {
  const { backend } = useConnection()
  const [isLive, setLive] = useState(false)
  useEffect(() => {
    if (watch === undefined) return
    let leave: (() => void) | undefined
    let hasLeft = false
    backend().then(
      ({ watches }) => {
        if (hasLeft) return
        leave = watch(watches, (update) => {
          if (hasLeft) return
          setLive(update.isLive)
          if (update.value !== undefined) onValue(update.value, update)
        })
      },
      () => undefined,
    )
    return () => {
      hasLeft = true
      leave?.()
      setLive(false)
    }
  }, [backend, watch, onValue])
  return isLive
}
