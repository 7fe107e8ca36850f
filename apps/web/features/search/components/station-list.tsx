import { MapPin } from 'lucide-react'
import { cn } from '@/lib/cn'
import { explainingAlias, type StationOption } from '../model/station-combobox'

interface StationListProps {
  readonly id: string
  readonly label: string
  readonly text: string
  readonly open: boolean
  readonly stations: readonly StationOption[]
  readonly active: number
  readonly onPoint: (index: number) => void
  readonly onChoose: (station: StationOption) => void
}

export function StationList(props: StationListProps) {
  const { id, label, text, open, stations, active, onPoint, onChoose } = props
  return (
    <>
      <div
        id={id}
        role="listbox"
        aria-label={`Stations: ${label}`}
        hidden={!open || stations.length === 0}
        className="absolute inset-x-0 top-full z-30 mt-1.5 max-h-80 min-w-64 overflow-y-auto rounded-card border border-hairline bg-card p-1.5 shadow-lift-high"
      >
        {stations.map((station, index) => (
          // The input keeps the focus and has the keys; the list is pointed at with it.
          // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points here
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys
          <div
            key={station.code}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerDown={(event) => event.preventDefault()}
            onPointerMove={() => index !== active && onPoint(index)}
            onClick={() => onChoose(station)}
            className={cn(
              'flex min-h-11 items-center gap-3 rounded-control px-3 py-2',
              index === active && 'bg-brand-soft text-on-brand-soft',
            )}
          >
            <MapPin aria-hidden className="size-4.5 shrink-0 opacity-60" />
            <StationName text={text} station={station} />
            <span className="ml-auto pl-3 text-xs font-medium tracking-wide opacity-75">
              {station.code}
            </span>
          </div>
        ))}
      </div>
      <span role="status" className="sr-only">
        {open && stations.length > 0 ? `${stations.length} stations` : ''}
        {open && text !== '' && stations.length === 0 ? 'No station of this name' : ''}
      </span>
    </>
  )
}

function StationName({ text, station }: { text: string; station: StationOption }) {
  const alias = explainingAlias(text, station)
  return (
    <span className="min-w-0">
      <span className="block truncate font-medium">{station.name}</span>
      {alias !== undefined && <span className="block truncate text-sm opacity-80">{alias}</span>}
    </span>
  )
}
