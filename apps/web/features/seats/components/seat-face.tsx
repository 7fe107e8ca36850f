import { Check, Star, TriangleAlert, X } from 'lucide-react'
import { cn } from '@/lib/cn'
import type { SeatState } from '../model/seat-grid'

const looks: Readonly<Record<SeatState, string>> = {
  free: 'border-brand/70 bg-card text-ink group-hover:bg-brand-soft',
  chosen: 'border-brand bg-brand text-on-brand',
  taken: 'border-transparent bg-sunken text-ink-soft',
  lost: 'border-danger bg-danger-soft text-on-danger-soft animate-taken',
  suggested: 'border-dashed border-on-amber-soft bg-amber-soft text-on-amber-soft',
}

const marks = { free: undefined, chosen: Check, taken: X, lost: TriangleAlert, suggested: Star }

/** How a seat looks; a mark goes with each colour, so that nobody needs to tell colours apart. */
export function SeatFace(props: { state: SeatState; label: string; className?: string }) {
  const { state, label, className } = props
  const Mark = marks[state]
  return (
    <span
      aria-hidden
      className={cn(
        'flex size-full flex-col items-center justify-center gap-px rounded-[0.6rem] border-2 text-[0.75rem] leading-none tracking-[-0.02em] font-semibold tabular-nums transition-colors',
        looks[state],
        className,
      )}
    >
      {Mark !== undefined && <Mark className="size-3.5" strokeWidth={2.8} />}
      {label}
    </span>
  )
}
