'use client'

import type { Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { type SeatQuery, seatHref } from '@/features/search/model/search-params'
import { useSelection } from '../hooks/use-selection'
import type { CoachView } from '../model/seat-grid'
import { ChoicePanel } from './choice-panel'
import { LostSeatsNotice } from './lost-seats-notice'
import { SeatLegend } from './seat-legend'
import { SeatMap } from './seat-map'
import { TrainStrip } from './train-strip'

interface SeatChoiceProps {
  readonly query: SeatQuery
  readonly journey: Journey
  readonly coaches: readonly CoachView[]
  readonly refresh: () => Promise<void>
}

export function SeatChoice({ query, journey, coaches, refresh }: SeatChoiceProps) {
  const router = useRouter()
  const offers = journey.classes
  const classCode = offers.some((offer) => offer.classCode === query.classCode)
    ? query.classCode
    : (offers[0]?.classCode ?? '')
  const ofClass = coaches.filter((coach) => coach.classCode === classCode)
  const party = query.passengers
  const selection = useSelection(coaches, party)
  const [wanted, setCoach] = useState<string>()
  const coach = ofClass.find(({ label }) => label === wanted) ?? bestCoach(ofClass)

  // Class and party are in the address, so that a reload or a shared link has them.
  const change = (part: Partial<SeatQuery>) => {
    const next = { ...query, classCode, ...part }
    if (next.classCode !== classCode) selection.clear()
    router.replace(seatHref(next), { scroll: false })
  }

  const firstSuggested = selection.suggestedSeats[0]?.coach
  useEffect(() => {
    if (firstSuggested !== undefined) setCoach(firstSuggested)
  }, [firstSuggested])

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <LostSeatsNotice selection={selection} />
        <TrainStrip
          coaches={coaches}
          classCode={classCode}
          current={coach?.label}
          onChoose={(chosen) => {
            setCoach(chosen.label)
            if (chosen.classCode !== classCode) change({ classCode: chosen.classCode })
          }}
        />
        {coach !== undefined && (
          <SeatMap
            key={coach.label}
            coach={coach}
            selection={selection.value}
            onToggle={selection.toggle}
          />
        )}
        <SeatLegend />
      </div>
      <ChoicePanel
        query={{ ...query, classCode }}
        journey={journey}
        selection={selection}
        onChange={change}
        refresh={refresh}
      />
    </div>
  )
}

function bestCoach(coaches: readonly CoachView[]): CoachView | undefined {
  return coaches.toSorted((a, b) => b.freeSeats - a.freeSeats)[0]
}
