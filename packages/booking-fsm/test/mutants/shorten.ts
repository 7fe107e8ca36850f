/** Makes a log short that shows a difference: what can be left out is, larger pieces first. */
import { type Event, replay } from './witnesses.ts'

/** The same difference must remain, but for its numbers: another one may be the log's own fault. */
export function shorten(events: readonly Event[], found: string, lastMs: number): Event[] {
  const kind = kindOf(found)
  let kept = [...events]
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = kept.length - size; at > -size; at -= size) {
      if (Date.now() > lastMs) return kept
      const less = kept.filter((_, i) => i < at || i >= at + size)
      if (less.length < kept.length && kindOf(replay(less)) === kind) kept = less
    }
  }
  return kept
}

function kindOf(found: string): string {
  return (found.split('\n')[0] ?? '').replaceAll(/\d+/g, '0')
}
