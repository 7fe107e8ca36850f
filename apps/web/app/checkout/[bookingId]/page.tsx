import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CheckoutPage } from '@/features/checkout/components/checkout-page'
import { isId } from '@/lib/format/id'

export const metadata: Metadata = { title: 'Checkout' }

export default async function Page({ params }: PageProps<'/checkout/[bookingId]'>) {
  const { bookingId } = await params
  if (!isId(bookingId)) notFound()
  return <CheckoutPage bookingId={bookingId} />
}
