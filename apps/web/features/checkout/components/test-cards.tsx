'use client'

import { useQuery } from '@tanstack/react-query'
import { useMe } from '@/features/account/hooks/use-me'
import { useConnection } from '@/lib/api/connection'
import type { CardFields } from '@/lib/payment/card'
import { listTestCards } from '@/lib/payment/provider'

/** The sandbox's cards, one click each. A real provider has no such list, and then this is nothing. */
export function TestCards({ onPick }: { onPick: (card: CardFields) => void }) {
  const { addresses } = useConnection()
  const { account } = useMe()
  const { data = [] } = useQuery({
    queryKey: ['test-cards'],
    queryFn: ({ signal }) => listTestCards(addresses.paymentUrl, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 2,
  })
  if (data.length === 0) return null
  const year = String((new Date().getFullYear() + 3) % 100).padStart(2, '0')
  return (
    <section aria-label="Test cards" className="rounded-control bg-sunken p-4">
      <p className="text-sm text-ink-soft">
        <strong className="font-semibold text-ink">This is a demo: no real money.</strong> Fill in a
        test card:
      </p>
      <ul className="mt-3 flex flex-wrap gap-2">
        {data.map(({ number, title, description }) => (
          <li key={number}>
            <button
              type="button"
              title={description}
              className="flex h-10 items-center gap-2 rounded-full border border-edge bg-card px-4 text-sm font-semibold hover:border-brand hover:bg-brand-soft hover:text-on-brand-soft"
              onClick={() =>
                onPick({
                  number,
                  expiry: `12/${year}`,
                  cvc: '123',
                  name: account?.displayName ?? 'Test Passenger',
                })
              }
            >
              {title}
              <span className="font-normal tabular-nums opacity-75">…{number.slice(-4)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
