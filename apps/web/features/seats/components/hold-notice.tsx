import { Notice } from '@/components/ui/notice'
import type { HoldState } from '../hooks/use-hold'

export function HoldNotice({ state }: { state: HoldState }) {
  if (state.phase === 'waiting') {
    return (
      <Notice tone="warn" title="We do not have an answer yet.">
        {state.problem.sentence} We keep asking; you can not end up with the seats twice.
      </Notice>
    )
  }
  if (state.phase === 'refused') {
    return (
      <Notice tone="bad" title={state.problem.sentence}>
        {state.problem.nextStep}
      </Notice>
    )
  }
  return null
}
