import { cn } from '@/lib/cn'
import { formatDuration, plural, speakDuration } from '@/lib/format/time'
import type { JourneyView } from '@/lib/trip/journey-view'

interface JourneyLineProps {
  readonly view: JourneyView
  readonly stopsBetween: number
  readonly className?: string
}

/** Departure, a piece of line with its stops, arrival. */
export function JourneyLine({ view, stopsBetween, className }: JourneyLineProps) {
  const stops = stopsBetween === 0 ? 'non-stop' : plural(stopsBetween, 'stop')
  return (
    <div className={cn('grid grid-cols-[auto_1fr_auto] items-start gap-x-3 sm:gap-x-5', className)}>
      <Point time={view.departure} name={view.fromName} word="Departs" />
      <div className="flex flex-col items-center pt-2 text-[0.8125rem] text-ink-soft">
        <LineMotif stops={stopsBetween} />
        <span className="mt-2 text-center leading-tight">
          <span aria-hidden className="whitespace-nowrap">
            {formatDuration(view.durationMs)}
          </span>
          <span className="sr-only">{speakDuration(view.durationMs)}</span>
          <span className="whitespace-nowrap">, {stops}</span>
        </span>
      </div>
      <Point
        time={view.arrival}
        name={view.toName}
        word="Arrives"
        later={view.daysLater}
        className="text-right"
      />
    </div>
  )
}

interface PointProps {
  readonly time: string
  readonly name: string
  readonly word: string
  readonly later?: number
  readonly className?: string
}

function Point({ time, name, word, later = 0, className }: PointProps) {
  return (
    <div className={cn('max-w-36 min-w-0 sm:max-w-52', className)}>
      <span className="sr-only">{word} </span>
      <span className="text-[1.75rem] leading-9 font-semibold tracking-[-0.035em] tabular-nums sm:text-[2rem]">
        {time}
      </span>
      {later > 0 && (
        <sup className="ml-0.5 text-xs font-semibold text-ink-soft">
          +{later}
          <span className="sr-only"> {later === 1 ? 'day' : 'days'}</span>
        </sup>
      )}
      <span className="block truncate text-[0.9375rem] text-ink-soft">{name}</span>
    </div>
  )
}

function LineMotif({ stops }: { stops: number }) {
  const dots = Math.min(stops, 5)
  return (
    <span aria-hidden className="relative flex h-4 w-full min-w-14 items-center">
      <span className="absolute inset-x-1.5 h-[3px] rounded-full bg-brand" />
      <span className="z-10 size-3.5 rounded-full border-[3.5px] border-brand bg-card" />
      <span className="flex flex-1 justify-evenly">
        {Array.from({ length: dots }, (_, index) => (
          <span key={index} className="z-10 size-[7px] rounded-full bg-card ring-2 ring-brand" />
        ))}
      </span>
      <span className="z-10 size-3.5 rounded-full border-[3.5px] border-brand bg-brand" />
    </span>
  )
}
