import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { StaffGate } from '@/features/staff/components/staff-gate'

export const metadata: Metadata = { title: 'Staff' }

export default function Layout({ children }: { children: ReactNode }) {
  return <StaffGate>{children}</StaffGate>
}
