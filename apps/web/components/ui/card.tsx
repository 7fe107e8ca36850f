import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

export function Card({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      className={cn('rounded-card border border-hairline bg-card shadow-lift', className)}
      {...props}
    />
  )
}

/** Stands where something will be, in its size, so that nothing jumps. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      aria-hidden
      className={cn('animate-pulse rounded-control bg-sunken', className)}
      {...props}
    />
  )
}
