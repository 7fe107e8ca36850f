import type { Logger } from '../log.ts'

/**
 * Resolves, with the reason, when this process shall end: SIGTERM, SIGINT, or its parent is gone. A
 * second signal ends it at once.
 */
export function whenStopIsWanted(log: Logger): Promise<string> {
  return new Promise((resolve) => {
    let signals = 0
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        signals += 1
        if (signals > 1) process.exit(128 + (signal === 'SIGTERM' ? 15 : 2))
        resolve(signal)
      })
    // Only a process that was spawned with a channel has a parent to follow.
    if (process.send === undefined) return
    const orphaned = (): void => {
      log.warn('the process that started this node is gone')
      resolve('parent gone')
    }
    process.once('disconnect', orphaned)
    // It may have gone while this process was still loading.
    if (!process.connected) orphaned()
  })
}
