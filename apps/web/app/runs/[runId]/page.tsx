import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { parseSeatQuery } from '@/features/search/model/search-params'
import { SeatPage } from '@/features/seats/components/seat-page'

export const metadata: Metadata = { title: 'Choose seats' }

export default async function Page({ params, searchParams }: PageProps<'/runs/[runId]'>) {
  const query = parseSeatQuery((await params).runId, await searchParams)
  if (query === undefined) notFound()
  return <SeatPage query={query} />
}
