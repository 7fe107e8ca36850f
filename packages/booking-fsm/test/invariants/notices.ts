import { noticesOn } from '../../src/queries/notices.ts'
import type { Check } from './check.ts'

export const noticeChecks: Readonly<Record<string, Check>> = {
  N1: ({ state, entry, changes, scope }, { notices }) => {
    // What time brought in the entry that switches them off came before that.
    const areOff = !noticesOn(state) && entry.command?.type !== 'switchNotices'
    for (const change of changes) {
      if (change.type !== 'upsert') continue
      const noticeId = change.values[0] as number
      if (change.table === 'notices') {
        if (notices.has(noticeId)) return `notice ${noticeId} is queued twice`
        if (areOff) return `notice ${noticeId} is queued, and notices are off`
        notices.set(noticeId, false)
      } else if (change.table === 'notice_outcomes') {
        if (notices.get(noticeId) !== false) return `notice ${noticeId} is answered twice`
        notices.set(noticeId, true)
      }
    }
    if (!scope.touches('notices', 'notice_outcomes')) return undefined
    const open = [...notices].filter(([, answered]) => !answered).map(([id]) => id)
    const queued = [...state.notices.keys()]
    return queued.join() === open.join() ? undefined : `${queued} are queued, ${open} are open`
  },
}
