import type { Metadata } from 'next'
import { SearchPage } from '@/features/search/components/search-page'
import { parseSearch } from '@/features/search/model/search-params'
import { localToday } from '@/lib/format/dates'

export const metadata: Metadata = { title: 'Trains' }

export default async function Page({ searchParams }: PageProps<'/search'>) {
  return <SearchPage query={parseSearch(await searchParams)} serverToday={localToday()} />
}
