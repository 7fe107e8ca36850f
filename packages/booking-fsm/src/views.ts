/** What queries of the state give: plain readonly data, made when asked. */

export type * from './views/account.ts'
export type * from './views/booking.ts'
export type * from './views/disruption.ts'
export type * from './views/journey.ts'
export type * from './views/ledger.ts'
export type * from './views/timetable.ts'
