import { Sparkles, X } from 'lucide-react'
import type { SelectionControl } from '../hooks/use-selection'

/** What was chosen, or that the choice is left to us. */
export function ChosenSeats({ selection, party }: { selection: SelectionControl; party: number }) {
  const { chosenSeats, toggle, clear } = selection
  return (
    <section aria-label="Your seats" className="flex flex-col gap-2">
      <h2 className="text-sm font-medium tracking-normal">Seats</h2>
      {chosenSeats.length === 0 ? (
        <p className="flex gap-2.5 rounded-control bg-brand-soft px-3.5 py-3 text-sm leading-relaxed text-on-brand-soft">
          <Sparkles aria-hidden className="mt-0.5 size-4.5 shrink-0" />
          {party === 1
            ? 'We choose a good seat for you. Or pick one in the coach.'
            : 'We choose seats together for you. Or pick them in the coach.'}
        </p>
      ) : (
        <>
          <ul className="flex flex-wrap gap-2">
            {chosenSeats.map((seat) => (
              <li
                key={seat.seat}
                className="flex items-center gap-1 rounded-full bg-brand py-0.5 pr-0.5 pl-3.5 text-sm font-semibold text-on-brand"
              >
                Coach {seat.coach}, {seat.label}
                <button
                  type="button"
                  aria-label={`Give back seat ${seat.label} in coach ${seat.coach}`}
                  className="grid size-8 place-items-center rounded-full hover:bg-black/15"
                  onClick={() => toggle(seat.seat)}
                >
                  <X aria-hidden className="size-4" />
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="self-start rounded-control text-sm font-medium text-brand underline underline-offset-4"
            onClick={clear}
          >
            Choose for us
          </button>
        </>
      )}
      <span className="sr-only" role="status">
        {chosenSeats.length > 0 && `${chosenSeats.length} of ${party} seats chosen`}
      </span>
    </section>
  )
}
