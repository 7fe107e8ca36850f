'use client'

import type { DescribedError } from '@quorail/cluster-client'
import { Plus, Trash2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { StationField } from '@/features/search/components/station-field'
import { fieldError } from '../model/field-errors'
import { newStop, type StopDraft } from '../model/train-draft'

interface StopEditorProps {
  readonly stops: readonly StopDraft[]
  readonly problem: DescribedError | undefined
  readonly onChange: (stops: readonly StopDraft[]) => void
}

export function StopEditor({ stops, problem, onChange }: StopEditorProps) {
  const last = stops.length - 1
  const change = (index: number, part: Partial<StopDraft>) =>
    onChange(stops.map((stop, at) => (at === index ? { ...stop, ...part } : stop)))
  return (
    <Card className="flex flex-col gap-5 p-5 sm:p-6">
      <div>
        <h2 className="text-xl font-semibold">Stops</h2>
        <p className="mt-1 text-sm text-ink-soft">
          Times as HH:MM. After midnight they go on: 25:10 is ten past one on the next day.
        </p>
      </div>
      <ol className="flex flex-col gap-5">
        {stops.map((stop, index) => (
          <li key={stop.key} className="relative flex gap-4">
            <Dot first={index === 0} last={index === last} />
            <fieldset className="grid min-w-0 flex-1 grid-cols-2 gap-3 sm:grid-cols-[minmax(0,1fr)_7rem_7rem_2.75rem]">
              <legend className="sr-only">Stop {index + 1}</legend>
              <StationField
                label="Station"
                className="col-span-2 sm:col-span-1"
                value={stop.station}
                error={
                  fieldError(problem, `stops[${index}].station_code`) ??
                  fieldError(problem, `stops[${index}]`)
                }
                onChange={(station) => change(index, { station })}
              />
              <TextField
                label="Arrival"
                placeholder="HH:MM"
                inputMode="numeric"
                disabled={index === 0}
                value={stop.arrival}
                error={fieldError(problem, `stops[${index}].arrival`)}
                onChange={({ target }) => change(index, { arrival: target.value })}
              />
              <TextField
                label="Departure"
                placeholder="HH:MM"
                inputMode="numeric"
                disabled={index === last}
                value={stop.departure}
                error={fieldError(problem, `stops[${index}].departure`)}
                onChange={({ target }) => change(index, { departure: target.value })}
              />
              {stops.length > 2 && (
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={`Remove stop ${index + 1}`}
                  className="sm:mt-7"
                  onClick={() => onChange(stops.filter(({ key }) => key !== stop.key))}
                >
                  <Trash2 aria-hidden className="size-4.5" />
                </Button>
              )}
            </fieldset>
          </li>
        ))}
      </ol>
      <Button
        variant="outline"
        size="small"
        className="self-start"
        onClick={() => onChange([...stops.slice(0, -1), newStop(), ...stops.slice(-1)])}
      >
        <Plus aria-hidden className="size-4" />
        Add a stop before the last
      </Button>
    </Card>
  )
}

function Dot({ first, last }: { first: boolean; last: boolean }) {
  return (
    <span aria-hidden className="relative w-4 shrink-0">
      {!first && <span className="absolute -top-5 left-1.5 h-15 w-1 bg-brand" />}
      {!last && <span className="absolute top-10 -bottom-0 left-1.5 w-1 bg-brand" />}
      <span className="absolute top-9.5 left-0 size-4 rounded-full border-4 border-brand bg-card" />
    </span>
  )
}
