import { Equal, EqualNot, Hourglass } from 'lucide-react'
import { cn } from '@/lib/cn'
import type { HashVerdict } from '../model/nodes'

/** Do the servers have the same data, byte for byte? */
export function HashNote({ verdict }: { verdict: HashVerdict }) {
  const words = {
    equal: `The data of ${verdict.nodes} servers is the same, byte for byte, at entry ${verdict.index}.`,
    different: `The data of the servers differs at entry ${verdict.index}. That must never happen: please tell an operator.`,
    unknown: 'The servers have not told of their data at the same entry yet.',
  } as const
  const Icon = { equal: Equal, different: EqualNot, unknown: Hourglass }[verdict.verdict]
  return (
    <p
      role={verdict.verdict === 'different' ? 'alert' : undefined}
      className={cn(
        'flex items-center gap-3 font-medium',
        verdict.verdict === 'different' ? 'text-danger' : 'text-ink',
      )}
    >
      <span className="grid size-9 shrink-0 place-items-center rounded-full bg-brand-soft text-on-brand-soft">
        <Icon aria-hidden className="size-5" />
      </span>
      {words[verdict.verdict]}
    </p>
  )
}
