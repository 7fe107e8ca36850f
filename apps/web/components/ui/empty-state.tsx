import type { ReactNode } from 'react'

interface EmptyStateProps {
  readonly title: string
  /** The only heading of its page. */
  readonly isPage?: boolean
  readonly text: ReactNode
  readonly action?: ReactNode
}

/** An end of the line, and the way on from it. */
export function EmptyState({ title, text, action, isPage = false }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2'
  return (
    <div className="flex flex-col items-center gap-4 rounded-card border border-dashed border-edge/60 px-6 py-14 text-center">
      <svg aria-hidden="true" viewBox="0 0 160 28" className="h-7 w-40" fill="none">
        <path d="M4 14h112" strokeWidth="5" strokeLinecap="round" className="stroke-brand" />
        <path
          d="M116 14h36"
          strokeWidth="5"
          strokeLinecap="round"
          strokeDasharray="1 11"
          className="stroke-edge"
        />
        <g strokeWidth="4" className="fill-paper stroke-brand">
          <circle cx="12" cy="14" r="7" />
          <circle cx="64" cy="14" r="5" />
          <circle cx="116" cy="14" r="7" />
        </g>
      </svg>
      <Heading className="text-xl font-semibold">{title}</Heading>
      <p className="max-w-md leading-relaxed text-ink-soft">{text}</p>
      {action}
    </div>
  )
}
