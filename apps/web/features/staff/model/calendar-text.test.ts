import { create } from '@bufbuild/protobuf'
import { ServiceCalendarSchema } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { expect, it } from 'vitest'
import { writeDate } from '@/lib/format/dates'
import { calendarText } from './calendar-text'

const text = (changed: object) =>
  calendarText(
    create(ServiceCalendarSchema, {
      weekdays: 0b11111,
      fromDate: '2026-11-01',
      toDate: '2027-12-11',
      ...changed,
    }),
    '2026-11-23',
  )

it('a calendar is told with its single days, as far as they are to come', () => {
  const until = `until ${writeDate('2027-12-11')}`
  expect(text({})).toBe(`Mon, Tue, Wed, Thu, Fri ${until}`)
  expect(text({ weekdays: 127 })).toBe(`Daily ${until}`)
  const [saint, eve] = [writeDate('2026-12-06'), writeDate('2026-12-24')]
  expect(text({ fromDate: '2026-12-13', addedDates: ['2026-11-21', '2026-12-06'] })).toBe(
    `Mon, Tue, Wed, Thu, Fri from ${writeDate('2026-12-13')} ${until}; also on ${saint}`,
  )
  expect(
    text({ weekdays: 0, addedDates: ['2026-12-06', '2026-12-24'], removedDates: ['2026-11-22'] }),
  ).toBe(`also on ${saint}, ${eve}`)
  expect(text({ removedDates: ['2026-12-24'] })).toBe(
    `Mon, Tue, Wed, Thu, Fri ${until}; not on ${eve}`,
  )
})
