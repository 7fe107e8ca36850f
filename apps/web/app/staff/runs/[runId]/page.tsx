import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OccupancyPage } from '@/features/staff/components/occupancy-page'
import { isId } from '@/lib/format/id'

export const metadata: Metadata = { title: 'Occupancy' }

export default async function Page({ params }: PageProps<'/staff/runs/[runId]'>) {
  const { runId } = await params
  if (!isId(runId)) notFound()
  return <OccupancyPage runId={runId} />
}
