import type { Watches } from '@quorail/cluster-client'

/** Who looks away for a moment comes back to the same stream. */
const patienceMs = 5_000

/**
 * A tab that nobody looks at has no stream: a browser has only a few connections to a node, for all of
 * its tabs. Back in sight, it goes on from where it was.
 */
export function followVisibility(watches: Pick<Watches, 'pause' | 'resume'>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer)
    if (document.visibilityState === 'visible') watches.resume()
    else timer = setTimeout(() => watches.pause(), patienceMs)
  })
}
