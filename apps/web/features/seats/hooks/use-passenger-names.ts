'use client'

import { useState } from 'react'

export interface PassengerNamesControl {
  readonly values: readonly string[]
  readonly errors: readonly (string | undefined)[]
  readonly set: (index: number, name: string) => void
  /** All names, the first one by default the account's; undefined when some are missing. */
  readonly complete: (accountName: string) => readonly string[] | undefined
}

/** Names stay when the party shrinks and grows again. */
export function usePassengerNames(
  party: number,
  accountName: string | undefined,
): PassengerNamesControl {
  const [typed, setTyped] = useState<readonly (string | undefined)[]>([])
  const [checked, setChecked] = useState(false)
  const values = Array.from(
    { length: party },
    (_, index) => typed[index] ?? (index === 0 ? (accountName ?? '') : ''),
  )
  return {
    values,
    errors: values.map((name) => (checked && name.trim() === '' ? 'Who sits here?' : undefined)),
    set: (index, name) => setTyped((old) => Object.assign([...old], { [index]: name })),
    complete: (fallback) => {
      const names = values.map((name, index) => name.trim() || (index === 0 ? fallback : ''))
      if (names[0] !== values[0]?.trim())
        setTyped((old) => Object.assign([...old], { 0: names[0] }))
      setChecked(true)
      return names.every((name) => name !== '') ? names : undefined
    },
  }
}
