import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { TicketPage } from '@/features/trips/components/ticket-page'
import { isId } from '@/lib/format/id'

export const metadata: Metadata = { title: 'Ticket' }

export default async function Page({ params }: PageProps<'/trips/[bookingId]'>) {
  const { bookingId } = await params
  if (!isId(bookingId)) notFound()
  return <TicketPage bookingId={bookingId} />
}
