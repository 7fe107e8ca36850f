'use client'

import { type ReactNode, useId } from 'react'
import { cn } from '@/lib/cn'

interface SegmentedProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { value: Value; label: ReactNode; disabled?: boolean }[]
  readonly onChange: (value: Value) => void
  readonly className?: string
  readonly showLabel?: boolean
}

/** One of a few: native radio buttons, so that keys and readers know them. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
  className,
  showLabel = false,
}: SegmentedProps<Value>) {
  const name = useId()
  return (
    <fieldset className={cn('min-w-0', className)}>
      <legend className={showLabel ? 'mb-1.5 text-sm font-medium' : 'sr-only'}>{label}</legend>
      <div className="flex gap-1 rounded-control bg-sunken p-1">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-10 flex-1 cursor-pointer items-center justify-center rounded-[0.45rem] px-3 py-1.5 text-center text-sm font-semibold text-ink-soft transition-colors hover:text-ink has-checked:bg-card has-checked:text-ink has-checked:shadow-lift dark:has-checked:bg-brand-soft dark:has-checked:text-on-brand-soft has-disabled:cursor-not-allowed has-disabled:line-through has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              className="sr-only"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled ?? false}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
