'use client'

import { useId } from 'react'
import { cn } from '@/lib/cn'
import { className as classNameOf } from '@/lib/format/class-name'
import type { CoachView } from '../model/seat-grid'

interface TrainStripProps {
  readonly coaches: readonly CoachView[]
  readonly classCode: string
  readonly current: string | undefined
  readonly onChoose: (coach: CoachView) => void
}

/** The train as one sees it from the platform; each coach is a choice. */
export function TrainStrip({ coaches, classCode, current, onChoose }: TrainStripProps) {
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-sm font-medium">Coach</legend>
      <div className="-mx-1 flex gap-1 overflow-x-auto p-1">
        {coaches.map((coach, index) => (
          <label
            key={coach.label}
            className={cn(
              'relative flex min-w-22 flex-1 cursor-pointer flex-col items-center gap-0.5 border-2 border-hairline bg-card px-2 pt-2 pb-2.5 text-center transition-colors hover:border-brand has-checked:border-brand has-checked:bg-brand-soft has-checked:text-on-brand-soft has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
              index === 0 ? 'rounded-l-[2rem] pl-4' : 'rounded-l-lg',
              index === coaches.length - 1 ? 'rounded-r-[2rem]' : 'rounded-r-lg',
            )}
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={coach.label === current && coach.classCode === classCode}
              onChange={() => onChoose(coach)}
            />
            <span className="text-lg leading-6 font-semibold">
              <span className="sr-only">Coach </span>
              {coach.label}
            </span>
            <span className="text-[0.6875rem] leading-4 whitespace-nowrap opacity-85">
              {classNameOf(coach.classCode)}
            </span>
            <span className="text-[0.75rem] leading-4 font-semibold whitespace-nowrap">
              {coach.freeSeats === 0 ? 'full' : `${coach.freeSeats} free`}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
