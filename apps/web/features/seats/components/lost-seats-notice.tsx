'use client'

import { useEffect, useRef } from 'react'
import { Notice } from '@/components/ui/notice'
import type { SelectionControl } from '../hooks/use-selection'
import { namesOf } from '../model/selection'

/** The loser of a race is told at once which seat is gone, what is kept and what is near. */
export function LostSeatsNotice({ selection }: { selection: SelectionControl }) {
  const { lostSeats, chosenSeats, suggestedSeats } = selection
  const notice = useRef<HTMLDivElement>(null)
  const lost = lostSeats.map(({ seat }) => seat).join()
  // On a phone the button that was pressed is far below.
  useEffect(() => {
    if (lost !== '') notice.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [lost])
  if (lostSeats.length === 0) return null
  const gone = `${namesOf(lostSeats)} ${lostSeats.length === 1 ? 'has' : 'have'} just been taken by someone else.`
  return (
    <Notice ref={notice} tone="bad" title={gone} className="scroll-mt-20">
      {chosenSeats.length > 0 && <p>You keep {lowerFirst(namesOf(chosenSeats))}.</p>}
      {suggestedSeats.length > 0 ? (
        <p>The nearest free seats are marked with a star. Choose one, then hold again.</p>
      ) : (
        <p>No other seat is free in this class. Try another class or another train.</p>
      )}
    </Notice>
  )
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
