'use client'

import { useEffect, useId, useReducer, useRef, useState } from 'react'
import { Field, inputStyle } from '@/components/ui/field'
import { cn } from '@/lib/cn'
import { useStations } from '../hooks/use-stations'
import {
  exactMatch,
  reduceCombobox,
  type StationChoice,
  type StationOption,
  startWith,
} from '../model/station-combobox'
import { StationList } from './station-list'

interface StationFieldProps {
  readonly label: string
  readonly value: StationChoice | undefined
  readonly onChange: (station: StationChoice | undefined) => void
  readonly error?: string | undefined
  readonly className?: string
}

/** An ARIA combobox: type, arrows, Enter or Tab takes the highlighted station, Escape closes. */
export function StationField({ label, value, onChange, error, className }: StationFieldProps) {
  const [state, dispatch] = useReducer(reduceCombobox, value, startWith)
  const [wanted, setWanted] = useState(false)
  const { stations, fresh } = useStations(state.chosen === undefined ? state.text : '', wanted)
  const listId = useId()
  // What to take when the list for a text comes after the person has gone on.
  const awaited = useRef<'nothing' | 'exact' | 'first'>('nothing')
  const { text, chosen, open } = state
  const active = Math.min(state.active, stations.length - 1)

  // The owner may set another station, e.g. by swapping.
  const [seen, setSeen] = useState(value)
  if (seen?.code !== value?.code || seen?.name !== value?.name) {
    setSeen(value)
    if (value?.code !== chosen?.code || value?.name !== chosen?.name) {
      if (value !== undefined || chosen !== undefined) dispatch({ type: 'set', station: value })
    }
  }

  const choose = (station: StationOption) => {
    const choice = { code: station.code, name: station.name }
    dispatch({ type: 'chose', station: choice })
    onChange(choice)
  }

  useEffect(() => {
    if (awaited.current === 'nothing' || chosen !== undefined || !fresh) return
    const match = awaited.current === 'first' ? stations[0] : exactMatch(text, stations)
    awaited.current = 'nothing'
    if (match === undefined) return
    const choice = { code: match.code, name: match.name }
    dispatch({ type: 'chose', station: choice })
    onChange(choice)
  }, [stations, fresh, text, chosen, onChange])

  const onKeyDown = (event: React.KeyboardEvent) => {
    const count = stations.length
    const highlighted = open ? stations[active] : undefined
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setWanted(true)
      dispatch({ type: 'moved', by: event.key === 'ArrowDown' ? 1 : -1, count })
    } else if (event.key === 'Enter' && highlighted !== undefined) {
      event.preventDefault()
      choose(highlighted)
    } else if (event.key === 'Enter' && open && text !== '') {
      event.preventDefault()
      awaited.current = 'first'
    } else if (event.key === 'Tab' && highlighted !== undefined) {
      choose(highlighted)
    } else if (event.key === 'Tab' && open && text !== '' && !fresh) {
      awaited.current = 'first'
    } else if (event.key === 'Escape' && open) {
      event.preventDefault()
      dispatch({ type: 'closed' })
    }
  }

  const onBlur = () => {
    dispatch({ type: 'closed' })
    if (awaited.current === 'nothing') awaited.current = 'exact'
    const match = chosen === undefined ? exactMatch(text, stations) : undefined
    if (match !== undefined) choose(match)
  }

  return (
    <Field label={label} error={error} className={cn('relative', className)}>
      {(control) => (
        <>
          <input
            {...control}
            type="text"
            role="combobox"
            autoComplete="off"
            autoCapitalize="words"
            spellCheck={false}
            placeholder="Station"
            className={cn(inputStyle, 'font-medium')}
            aria-expanded={open && stations.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            {...(open && active >= 0 && { 'aria-activedescendant': `${listId}-${active}` })}
            value={text}
            onChange={({ target }) => {
              setWanted(true)
              awaited.current = 'nothing'
              dispatch({ type: 'typed', text: target.value })
              if (chosen !== undefined) onChange(undefined)
            }}
            onFocus={({ currentTarget }) => {
              setWanted(true)
              // Replayed when the page becomes interactive, also behind the letter that made it so: what was typed
              // until then is kept, and not selected, or the next letter would take its place.
              if (currentTarget.value !== text)
                dispatch({ type: 'typed', text: currentTarget.value })
              else if (chosen !== undefined) currentTarget.select()
            }}
            onClick={() => dispatch({ type: 'opened' })}
            onKeyDown={onKeyDown}
            onBlur={onBlur}
          />
          <StationList
            id={listId}
            label={label}
            text={chosen === undefined ? text : ''}
            open={open}
            stations={stations}
            active={active}
            onPoint={(index) => dispatch({ type: 'pointed', index })}
            onChoose={choose}
          />
        </>
      )}
    </Field>
  )
}
