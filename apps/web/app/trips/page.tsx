import type { Metadata } from 'next'
import { TripsPage } from '@/features/trips/components/trips-page'

export const metadata: Metadata = { title: 'My trips' }

export default function Page() {
  return <TripsPage />
}
