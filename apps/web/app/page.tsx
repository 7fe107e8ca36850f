import { Home } from '@/features/search/components/home'
import { localToday } from '@/lib/format/dates'

export default function Page() {
  return <Home serverToday={localToday()} />
}
