'use client'

import { ArrowDownUp, Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { SelectField, TextField } from '@/components/ui/field'
import { cn } from '@/lib/cn'
import { plural } from '@/lib/format/time'
import { useToday } from '../hooks/use-today'
import { rememberSearch } from '../model/recent'
import { passengersMost, searchHref } from '../model/search-params'
import type { StationChoice } from '../model/station-combobox'
import { StationField } from './station-field'

interface SearchFormProps {
  readonly serverToday: string
  readonly from?: StationChoice | undefined
  readonly to?: StationChoice | undefined
  readonly date?: string | undefined
  readonly passengers?: number | undefined
  readonly className?: string
}

export function SearchForm({ serverToday, className, ...initial }: SearchFormProps) {
  const router = useRouter()
  const today = useToday(serverToday)
  const [from, setFrom] = useState(initial.from)
  const [to, setTo] = useState(initial.to)
  const [pickedDate, setDate] = useState(initial.date)
  const [passengers, setPassengers] = useState(initial.passengers ?? 1)
  const [tried, setTried] = useState(false)
  const date = pickedDate ?? today
  const problems = tried ? problemsOf(from, to, date, today) : {}

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (from === undefined || to === undefined) return
    if (Object.keys(problemsOf(from, to, date, today)).length > 0) return
    rememberSearch(localStorage, { from, to })
    router.push(searchHref({ from: from.code, to: to.code, date, passengers }))
  }

  return (
    <form
      data-testid="search-form"
      noValidate
      onSubmit={submit}
      className={cn(
        'grid gap-4 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1.25fr)_minmax(0,0.9fr)_minmax(0,0.8fr)_auto] lg:items-start lg:gap-3',
        className,
      )}
    >
      <div className="relative grid gap-4 md:col-span-2 md:grid-cols-2 lg:gap-3">
        <StationField label="From" value={from} onChange={setFrom} error={problems.from} />
        <StationField label="To" value={to} onChange={setTo} error={problems.to} />
        <button
          type="button"
          aria-label="Swap stations"
          onClick={() => {
            setFrom(to)
            setTo(from)
          }}
          className="absolute top-[4.75rem] right-3 z-20 grid size-11 place-items-center rounded-full border border-edge bg-card text-ink shadow-lift hover:bg-sunken md:top-[1.875rem] md:right-auto md:left-1/2 md:size-10 md:-translate-x-1/2"
        >
          <ArrowDownUp aria-hidden className="size-4.5 md:rotate-90" />
        </button>
      </div>
      <TextField
        label="Date"
        type="date"
        value={date}
        min={today}
        required
        error={problems.date}
        onChange={({ target }) => setDate(target.value)}
      />
      <SelectField
        label="Passengers"
        value={passengers}
        onChange={({ target }) => setPassengers(Number(target.value))}
      >
        {Array.from({ length: passengersMost }, (_, index) => index + 1).map((count) => (
          <option key={count} value={count}>
            {plural(count, 'passenger')}
          </option>
        ))}
      </SelectField>
      <Button
        type="submit"
        variant="accent"
        size="large"
        className="h-12! md:col-span-2 lg:col-span-1 lg:mt-[1.625rem]"
      >
        <Search aria-hidden className="size-5" />
        Search
      </Button>
    </form>
  )
}

interface Problems {
  from?: string
  to?: string
  date?: string
}

function problemsOf(
  from: StationChoice | undefined,
  to: StationChoice | undefined,
  date: string,
  today: string,
): Problems {
  const pick = 'Choose a station from the list.'
  return {
    ...(from === undefined && { from: pick }),
    ...(to === undefined && { to: pick }),
    ...(to !== undefined &&
      from?.code === to.code && { to: 'Choose another station than the first.' }),
    ...(date === '' && { date: 'Choose a date.' }),
    ...(date !== '' && date < today && { date: 'This day is over. Choose today or later.' }),
  }
}
