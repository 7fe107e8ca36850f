'use client'

import { Hourglass } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { cn } from '@/lib/cn'
import { announcementBetween, type Countdown } from '../model/countdown'

/** Visible and calm; said aloud only when it matters. */
export function HoldCountdown({ left }: { left: Countdown }) {
  const [said, setSaid] = useState('')
  const before = useRef(left.leftMs)
  useEffect(() => {
    const words = announcementBetween(before.current, left.leftMs)
    before.current = left.leftMs
    if (words !== undefined) setSaid(words)
  }, [left.leftMs])
  return (
    <div
      className={cn(
        'flex items-center gap-2.5 rounded-full px-4 py-2 font-medium',
        left.phase === 'calm'
          ? 'bg-brand-soft text-on-brand-soft'
          : 'bg-amber-soft text-on-amber-soft',
      )}
    >
      <Hourglass aria-hidden className="size-4.5" />
      <span>
        Held for{' '}
        <span data-testid="countdown" className="font-semibold tabular-nums">
          {left.clock}
        </span>
      </span>
      <span role="status" className="sr-only">
        {said}
      </span>
    </div>
  )
}
