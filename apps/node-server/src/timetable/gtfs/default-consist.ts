import type { Coach } from '@quorail/booking-fsm'

/** The formation of trains from a feed: GTFS knows no coaches. */
const second = (label: string): Coach => ({
  label,
  classCode: '2',
  rows: 18,
  columns: 'AB-CD',
})

export const defaultConsist: readonly Coach[] = [
  { label: '1', classCode: '1', rows: 12, columns: 'A-BC' },
  second('2'),
  second('3'),
  second('4'),
  second('5'),
]
