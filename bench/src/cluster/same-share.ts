import { writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'

/**
 * Gives processes the share of the machine that this one was started with (`nice`). Linux shares a processor out among sessions
 * first, and only within one by niceness (autogroups): our nodes have a session each, etcd runs in that of the bench. On a
 * machine that others use, too, `nice` alone would help the one and not the other.
 */
export function giveSameShare(pids: readonly (number | 'self')[]): void {
  const niceness = getPriority()
  if (niceness === 0) return
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/autogroup`, String(niceness))
    } catch {
      // Without autogroups there is nothing to do.
    }
  }
}
