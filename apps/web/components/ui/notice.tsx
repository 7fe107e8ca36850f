import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/lib/cn'

const tones = {
  info: { style: 'bg-sunken text-ink', icon: Info },
  good: { style: 'bg-brand-soft text-on-brand-soft', icon: CircleCheck },
  warn: { style: 'bg-amber-soft text-on-amber-soft', icon: TriangleAlert },
  bad: { style: 'bg-danger-soft text-on-danger-soft', icon: CircleAlert },
} as const

interface NoticeProps extends Omit<ComponentProps<'div'>, 'title'> {
  readonly tone?: keyof typeof tones
  readonly title?: ReactNode
  readonly action?: ReactNode
}

/** What happened, what it means and what to do, where it happened. Bad news is read out at once. */
export function Notice({
  tone = 'info',
  title,
  action,
  children,
  className,
  ...props
}: NoticeProps) {
  const { style, icon: Icon } = tones[tone]
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={cn('flex gap-3 rounded-card px-4 py-3.5 text-[0.9375rem]', style, className)}
      {...props}
    >
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {title !== undefined && <p className="font-semibold">{title}</p>}
        {children !== undefined && <div className="leading-relaxed">{children}</div>}
        {action !== undefined && <div className="mt-2 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  )
}
