import type { ClassOffer, Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import { ArrowRight, TrainFront } from 'lucide-react'
import Link from 'next/link'
import { JourneyLine } from '@/components/trip/journey-line'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { cn } from '@/lib/cn'
import { className } from '@/lib/format/class-name'
import { formatMoney } from '@/lib/format/money'
import { plural } from '@/lib/format/time'
import { availability, availabilityWords, isSoldOut, viewJourney } from '@/lib/trip/journey-view'
import { seatHref } from '../model/search-params'

interface JourneyCardProps {
  readonly journey: Journey
  readonly passengers: number
}

export function JourneyCard({ journey, passengers }: JourneyCardProps) {
  const view = viewJourney(journey)
  const soldOut = isSoldOut(journey, passengers)
  return (
    <Card data-testid="journey-card" className="overflow-hidden md:flex">
      <div className="flex flex-1 flex-col justify-center gap-3 p-4 sm:p-5">
        <h3 className="flex items-center gap-2 text-sm font-medium tracking-normal text-ink-soft">
          <TrainFront aria-hidden className="size-4.5" />
          <span className="font-semibold text-ink">{journey.trainNumber}</span>
          {journey.trainName}
          {soldOut && (
            <Badge tone="danger" className="ml-auto">
              Sold out
            </Badge>
          )}
        </h3>
        <JourneyLine view={view} stopsBetween={journey.stopsBetween} />
        {view.zonesDiffer && (
          <p className="text-[0.8125rem] text-ink-soft">Times are by the clock of each station.</p>
        )}
      </div>
      <ul className="flex flex-col gap-2 border-t border-hairline bg-paper/60 p-3 md:w-80 md:justify-center md:border-t-0 md:border-l">
        {journey.classes.map((offer) => (
          <li key={offer.classCode}>
            <Offer journey={journey} offer={offer} passengers={passengers} label={view.departure} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

interface OfferProps extends JourneyCardProps {
  readonly offer: ClassOffer
  readonly label: string
}

function Offer({ journey, offer, passengers, label }: OfferProps) {
  const state = availability(offer, passengers)
  const open = state === 'free' || state === 'few'
  const words = availabilityWords(offer, passengers)
  const row = (
    <>
      <span className="flex min-w-0 flex-col">
        <span className="font-semibold">{className(offer.classCode)}</span>
        <span
          className={cn(
            'text-[0.8125rem]',
            state === 'few' ? 'font-semibold text-on-amber-soft' : 'text-ink-soft',
          )}
        >
          {words}
        </span>
      </span>
      <span className="ml-auto flex flex-col items-end">
        <span className="text-lg font-semibold tracking-[-0.02em] tabular-nums">
          {formatMoney(offer.priceOfParty)}
        </span>
        {passengers > 1 && (
          <span className="text-[0.8125rem] text-ink-soft">
            for {plural(passengers, 'passenger')}
          </span>
        )}
      </span>
    </>
  )
  const style = 'flex min-h-15 items-center gap-3 rounded-control border px-3.5 py-2'
  if (!open) {
    return <div className={cn(style, 'border-dashed border-edge/60 text-ink-soft')}>{row}</div>
  }
  return (
    <Link
      href={seatHref({
        runId: journey.runId,
        from: journey.fromStop,
        to: journey.toStop,
        passengers,
        classCode: offer.classCode,
      })}
      className={cn(
        style,
        'group border-edge bg-card transition-colors hover:border-brand hover:bg-brand-soft',
      )}
    >
      <span className="sr-only">Choose the {label} train, </span>
      {row}
      <ArrowRight
        aria-hidden
        className="size-4.5 text-brand transition-transform group-hover:translate-x-0.5"
      />
    </Link>
  )
}
