'use client'

import { type CSSProperties, type KeyboardEvent, useRef, useState } from 'react'
import { className as classNameOf } from '@/lib/format/class-name'
import { useMedia } from '@/lib/use-media'
import { type CoachView, moveInGrid, type SeatView, seatName } from '../model/seat-grid'
import { type Selection, stateOf } from '../model/selection'
import { SeatFace } from './seat-face'

interface SeatMapProps {
  readonly coach: CoachView
  readonly selection: Selection
  readonly onToggle: (seat: number) => void
}

/**
 * One coach: upright on a phone, lying on wider screens. One seat is in the tab order; arrows move
 * from it, as they look on the screen.
 */
export function SeatMap({ coach, selection, onToggle }: SeatMapProps) {
  const lying = useMedia('(width >= 64rem)')
  const [focused, setFocused] = useState<number>()
  const grid = useRef<HTMLFieldSetElement>(null)
  const entry = focused ?? entrySeat(coach, selection)

  const onKeyDown = (event: KeyboardEvent, from: SeatView) => {
    const next = moveInGrid(coach, from, event.key, lying ? 'lying' : 'upright')
    if (next === undefined) return
    event.preventDefault()
    setFocused(next.seat)
    grid.current?.querySelector<HTMLElement>(`[data-seat="${next.seat}"]`)?.focus()
  }

  return (
    <div className="overflow-auto rounded-[1.75rem] border-2 border-hairline bg-card p-4 shadow-lift max-lg:mx-auto max-lg:max-h-[58dvh] max-lg:w-fit lg:px-4 lg:py-5">
      <fieldset
        ref={grid}
        style={{ '--rows': coach.rows } as CSSProperties}
        className="grid auto-cols-[2.75rem] auto-rows-[2.75rem] gap-1.5 lg:auto-cols-auto lg:grid-cols-[repeat(var(--rows),minmax(1.75rem,2.75rem))] lg:justify-center lg:gap-x-1"
      >
        <legend className="sr-only">
          Coach {coach.label}, {classNameOf(coach.classCode)}. Arrow keys move between the seats.
        </legend>
        {coach.seats.map((seat) => {
          const state = stateOf(selection, seat)
          const closed = state === 'taken' || state === 'lost'
          return (
            <button
              key={seat.seat}
              type="button"
              data-testid={`seat-${seat.seat}`}
              data-seat={seat.seat}
              data-state={state}
              aria-label={seatName(seat, state)}
              aria-pressed={state === 'chosen'}
              aria-disabled={closed}
              tabIndex={seat.seat === entry ? 0 : -1}
              style={{ '--row': seat.row, '--lane': seat.lane } as CSSProperties}
              className="group rounded-[0.6rem] [grid-area:var(--row)/var(--lane)] aria-disabled:cursor-not-allowed lg:[grid-area:var(--lane)/var(--row)]"
              onClick={() => {
                setFocused(seat.seat)
                if (!closed) onToggle(seat.seat)
              }}
              onFocus={() => setFocused(seat.seat)}
              onKeyDown={(event) => onKeyDown(event, seat)}
            >
              <SeatFace state={state} label={seat.label} />
            </button>
          )
        })}
        {coach.aisles.map((lane) => (
          <span
            key={lane}
            aria-hidden
            style={{ '--lane': lane, '--rows': coach.rows } as CSSProperties}
            className="flex items-center justify-center text-[0.6875rem] font-medium tracking-[0.3em] text-ink-soft [grid-area:1/var(--lane)/span_var(--rows)/auto] [writing-mode:vertical-rl] lg:[grid-area:var(--lane)/1/auto/span_var(--rows)] lg:[writing-mode:horizontal-tb]"
          >
            AISLE
          </span>
        ))}
      </fieldset>
    </div>
  )
}

function entrySeat(coach: CoachView, selection: Selection): number | undefined {
  const chosen = coach.seats.find(({ seat }) => selection.chosen.includes(seat))
  const suggested = coach.seats.find(({ seat }) => selection.suggested.includes(seat))
  const free = coach.seats.find((seat) => seat.free)
  return (chosen ?? suggested ?? free ?? coach.seats[0])?.seat
}
