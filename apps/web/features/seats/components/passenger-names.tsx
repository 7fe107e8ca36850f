import { TextField } from '@/components/ui/field'
import type { PassengerNamesControl } from '../hooks/use-passenger-names'
import type { SeatView } from '../model/seat-grid'

interface PassengerNamesProps {
  readonly names: PassengerNamesControl
  readonly seats: readonly SeatView[]
}

export function PassengerNames({ names, seats }: PassengerNamesProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">Names on the tickets</legend>
      {names.values.map((name, index) => {
        const seat = seats[index]
        return (
          <TextField
            key={index}
            label={`Passenger ${index + 1}`}
            placeholder="Name on the ticket"
            autoComplete={index === 0 ? 'name' : 'off'}
            maxLength={80}
            value={name}
            error={names.errors[index]}
            onChange={({ target }) => names.set(index, target.value)}
            {...(seat && { hint: `Coach ${seat.coach}, seat ${seat.label}` })}
          />
        )
      })}
    </fieldset>
  )
}
