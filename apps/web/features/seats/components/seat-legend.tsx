import { SeatFace } from './seat-face'

const kinds = [
  ['free', 'Free'],
  ['chosen', 'Yours'],
  ['taken', 'Taken'],
] as const

export function SeatLegend() {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-2 text-sm text-ink-soft">
      {kinds.map(([state, word]) => (
        <li key={state} className="flex items-center gap-2">
          <SeatFace state={state} label="" className="size-7! rounded-md!" />
          {word}
        </li>
      ))}
    </ul>
  )
}
