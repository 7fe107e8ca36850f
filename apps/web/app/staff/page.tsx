import { StaffPage } from '@/features/staff/components/staff-page'
import { isDate, localToday } from '@/lib/format/dates'

export default async function Page({ searchParams }: PageProps<'/staff'>) {
  const { date } = await searchParams
  return <StaffPage date={typeof date === 'string' && isDate(date) ? date : localToday()} />
}
