import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

const tones = {
  plain: 'bg-sunken text-ink',
  brand: 'bg-brand-soft text-on-brand-soft',
  amber: 'bg-amber-soft text-on-amber-soft',
  danger: 'bg-danger-soft text-on-danger-soft',
} as const

export function Badge({
  tone = 'plain',
  className,
  ...props
}: ComponentProps<'span'> & { tone?: keyof typeof tones }) {
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 text-[0.8125rem] font-semibold whitespace-nowrap',
        tones[tone],
        className,
      )}
      {...props}
    />
  )
}
