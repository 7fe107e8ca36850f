import { BadgeCheck, Hourglass, ReceiptText } from 'lucide-react'
import { HeroLines } from './hero-lines'
import { RecentSearches } from './recent-searches'
import { SearchForm } from './search-form'

const promises = [
  {
    icon: Hourglass,
    title: 'Held while you decide',
    text: 'Choose your seats and they are yours for ten minutes. Nobody else can take them.',
  },
  {
    icon: BadgeCheck,
    title: 'Agreed before we say yes',
    text: 'A booking counts when most of our servers have written it down. One may fail; your ticket does not.',
  },
  {
    icon: ReceiptText,
    title: 'No surprises with money',
    text: 'You pay once, whatever the network does. A refund is shown before you cancel.',
  },
] as const

export function Home({ serverToday }: { serverToday: string }) {
  return (
    <>
      <section className="relative isolate bg-night text-on-night">
        <HeroLines />
        <div className="page pt-12 pb-32 sm:pt-20 sm:pb-40">
          <h1 className="max-w-2xl text-[2.75rem] leading-[1.02] font-semibold tracking-[-0.04em] sm:text-6xl lg:text-7xl">
            A seat that stays yours.
          </h1>
          <p className="mt-5 max-w-md text-lg leading-relaxed text-pretty text-on-night-soft">
            Search a train, take your seat, pay once. Calm all the way, even when a server is not.
          </p>
        </div>
      </section>
      <div className="page relative -mt-24 flex flex-col gap-12 sm:-mt-28">
        <div className="rounded-[1.25rem] border border-hairline bg-card p-4 shadow-lift-high sm:p-6">
          <SearchForm serverToday={serverToday} />
          <RecentSearches serverToday={serverToday} />
        </div>
        <ul className="grid gap-8 px-1 sm:grid-cols-3">
          {promises.map(({ icon: Icon, title, text }) => (
            <li key={title} className="flex flex-col gap-2">
              <span className="mb-1 grid size-11 place-items-center rounded-full bg-brand-soft text-on-brand-soft">
                <Icon aria-hidden className="size-5.5" />
              </span>
              <h2 className="text-lg font-semibold">{title}</h2>
              <p className="leading-relaxed text-ink-soft">{text}</p>
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}
