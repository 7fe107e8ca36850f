'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { cn } from '@/lib/cn'
import { addDays, writeDate } from '@/lib/format/dates'
import { useToday } from '../hooks/use-today'
import { type SearchQuery, searchHref } from '../model/search-params'

/** The days around, one step away. Days that are over are not offered. */
export function DateStrip({ query, serverToday }: { query: SearchQuery; serverToday: string }) {
  const today = useToday(serverToday)
  const first = query.date <= today ? 0 : query.date === addDays(today, 1) ? -1 : -2
  const days = Array.from({ length: 5 }, (_, index) => addDays(query.date, first + index))
  const at = (date: string) => searchHref({ ...query, date })
  const previous = addDays(query.date, -1)
  return (
    <nav aria-label="Other days" className="flex items-stretch gap-1.5">
      <Step href={previous >= today ? at(previous) : undefined} label="Previous day">
        <ChevronLeft aria-hidden className="size-5" />
      </Step>
      <ul className="grid flex-1 grid-cols-3 gap-1.5 sm:grid-cols-5">
        {days.map((date, index) => (
          <li key={date} className={cn(!isNear(index, first) && 'max-sm:hidden')}>
            <Link
              href={at(date)}
              scroll={false}
              {...(date === query.date && { 'aria-current': 'date' })}
              className="flex h-full min-h-11 items-center justify-center rounded-control border border-hairline px-2 text-center text-sm font-medium text-ink-soft transition-colors hover:border-edge hover:text-ink aria-[current]:border-brand aria-[current]:bg-brand-soft aria-[current]:font-semibold aria-[current]:text-on-brand-soft"
            >
              {date === today ? 'Today' : <ShortDay date={date} />}
            </Link>
          </li>
        ))}
      </ul>
      <Step href={at(addDays(query.date, 1))} label="Next day">
        <ChevronRight aria-hidden className="size-5" />
      </Step>
    </nav>
  )
}

/** "Mon 23", and the month where there is room. */
function ShortDay({ date }: { date: string }) {
  const [weekday, day, month] = writeDate(date).split(' ')
  return (
    <span>
      {weekday} {day}
      <span className="max-sm:sr-only"> {month}</span>
    </span>
  )
}

/** A phone has room for three: the chosen day and its neighbours. */
function isNear(index: number, first: number): boolean {
  const offset = index + first
  return first === 0 ? offset <= 2 : Math.abs(offset) <= 1
}

function Step(props: { href: string | undefined; label: string; children: React.ReactNode }) {
  const style = 'grid w-11 shrink-0 place-items-center rounded-control border border-hairline'
  if (props.href === undefined) {
    return <span className={cn(style, 'text-edge opacity-50')}>{props.children}</span>
  }
  return (
    <Link
      href={props.href}
      scroll={false}
      aria-label={props.label}
      className={cn(style, 'text-ink hover:bg-sunken')}
    >
      {props.children}
    </Link>
  )
}
