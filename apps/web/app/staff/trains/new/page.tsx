import type { Metadata } from 'next'
import { TrainForm } from '@/features/staff/components/train-form'

export const metadata: Metadata = { title: 'Add a train' }

export default function Page() {
  return <TrainForm />
}
