import Link from 'next/link'

/** A ring line with a track leaving it: a Q. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className={className}>
      <rect width="32" height="32" rx="9" className="fill-night dark:fill-brand-soft" />
      <circle cx="15" cy="15" r="7.5" fill="none" strokeWidth="3.4" className="stroke-on-night" />
      <path d="m18.5 18.5 6 6" strokeWidth="3.8" strokeLinecap="round" className="stroke-amber" />
    </svg>
  )
}

export function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2.5 rounded-control">
      <BrandMark className="size-8" />
      <span className="text-xl font-bold tracking-[-0.035em]">Quorail</span>
    </Link>
  )
}
