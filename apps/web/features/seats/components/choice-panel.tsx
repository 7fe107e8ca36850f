'use client'

import type { Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import { useRouter } from 'next/navigation'
import { type FormEvent, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { SelectField } from '@/components/ui/field'
import { Segmented } from '@/components/ui/segmented'
import { Spinner } from '@/components/ui/spinner'
import { useLogin } from '@/features/account/components/account-provider'
import { useMe } from '@/features/account/hooks/use-me'
import { passengersMost, type SeatQuery } from '@/features/search/model/search-params'
import { className } from '@/lib/format/class-name'
import { formatMoney, timesParty } from '@/lib/format/money'
import { plural } from '@/lib/format/time'
import { useHold } from '../hooks/use-hold'
import { usePassengerNames } from '../hooks/use-passenger-names'
import type { SelectionControl } from '../hooks/use-selection'
import { ChosenSeats } from './chosen-seats'
import { HoldNotice } from './hold-notice'
import { PassengerNames } from './passenger-names'

interface ChoicePanelProps {
  readonly query: SeatQuery
  readonly journey: Journey
  readonly selection: SelectionControl
  readonly onChange: (part: Partial<SeatQuery>) => void
  readonly refresh: () => Promise<void>
}

export function ChoicePanel({ query, journey, selection, onChange, refresh }: ChoicePanelProps) {
  const router = useRouter()
  const { account } = useMe()
  const login = useLogin()
  const names = usePassengerNames(query.passengers, account?.displayName)
  const { state, hold, forget } = useHold()
  const panel = useRef<HTMLFormElement>(null)
  const offer = journey.classes.find(({ classCode }) => classCode === query.classCode)
  const party = query.passengers
  const total = offer?.pricePerPassenger && timesParty(offer.pricePerPassenger, party)
  const missing = party - selection.value.chosen.length
  const partly = selection.value.chosen.length > 0 && missing > 0
  const tooFew = (offer?.freeSeats ?? 0) < party
  const busy = state.phase === 'holding' || state.phase === 'waiting'

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || partly) return
    const person =
      account ??
      (await login('Log in or create an account to hold your seats. Your choice is kept.'))
    if (person === undefined) return
    const complete = names.complete(person.displayName)
    if (complete === undefined) {
      // The dialog gives the focus back first.
      setTimeout(() => panel.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), 50)
      return
    }
    selection.freeze(true)
    const result = await hold({
      runId: query.runId,
      fromStop: query.from,
      toStop: query.to,
      classCode: query.classCode,
      names: complete,
      seats: selection.value.chosen,
      expectedPriceMinor: total?.minor,
    })
    if (typeof result === 'string') return router.push(`/checkout/${result}`)
    selection.freeze(false)
    if (result.code === 'SEAT_TAKEN') {
      selection.lose(result.seats)
      forget()
    }
    await refresh()
  }

  return (
    <Card className="p-5 lg:sticky lg:top-20">
      <form
        ref={panel}
        noValidate
        onSubmit={(event) => void submit(event)}
        className="flex flex-col gap-5"
      >
        {journey.classes.length > 1 && (
          <Segmented
            label="Class"
            showLabel
            value={query.classCode}
            options={journey.classes.map(({ classCode }) => ({
              value: classCode,
              label: className(classCode),
            }))}
            onChange={(classCode) => onChange({ classCode })}
          />
        )}
        <SelectField
          label="Passengers"
          value={party}
          onChange={({ target }) => onChange({ passengers: Number(target.value) })}
        >
          {Array.from({ length: passengersMost }, (_, index) => index + 1).map((count) => (
            <option key={count} value={count}>
              {plural(count, 'passenger')}
            </option>
          ))}
        </SelectField>
        <ChosenSeats selection={selection} party={party} />
        <PassengerNames names={names} seats={selection.chosenSeats} />
        <div className="flex items-baseline justify-between border-t border-hairline pt-4">
          <span className="text-ink-soft">Total</span>
          <span className="text-2xl font-semibold tracking-[-0.03em] tabular-nums">
            {total && formatMoney(total)}
          </span>
        </div>
        <HoldNotice state={state} />
        <Button
          type="submit"
          size="large"
          data-testid="hold-button"
          disabled={busy || partly || tooFew}
          className="-mt-1"
        >
          {busy && <Spinner />}
          {holdWords({ busy, tooFew, missing: partly ? missing : 0, party })}
        </Button>
        <p className="-mt-2 text-center text-sm text-ink-soft">
          Held for 10 minutes while you pay. Nothing is charged yet.
        </p>
      </form>
    </Card>
  )
}

function holdWords(now: {
  busy: boolean
  tooFew: boolean
  missing: number
  party: number
}): string {
  if (now.busy) return 'Holding your seats'
  if (now.tooFew) return 'Not enough seats free'
  if (now.missing > 0) return `Choose ${plural(now.missing, 'more seat', 'more seats')}`
  return `Hold ${plural(now.party, 'seat')}`
}
