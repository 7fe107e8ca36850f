/** Refusals about stations, trains and runs. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, NotFound } = Code

export const timetableRefusals = {
  stationNotFound: text(
    NotFound,
    'STATION_NOT_FOUND',
    (r) => `There is no station with that code${r.field ? ` (${r.field})` : ''}.`,
    'Choose a station from the list.',
  ),
  trainNotFound: text(
    NotFound,
    'TRAIN_NOT_FOUND',
    'There is no such train.',
    'Choose one from the list.',
  ),
  importNotFound: text(
    NotFound,
    'IMPORT_NOT_FOUND',
    'There is no such import.',
    'Start the import again.',
  ),
  importNotOpen: text(
    FailedPrecondition,
    'IMPORT_NOT_OPEN',
    (r) =>
      r.figure > 0
        ? `Another import (number ${r.figure}) is open, and one is open at a time.`
        : 'This import was finished or given up before.',
    'Wait for the other import to end, or give it up; then start again.',
  ),
  runNotFound: text(
    NotFound,
    'RUN_NOT_FOUND',
    'This train does not run on that day.',
    'Search again and choose a train from the results.',
  ),
  runDeparted: text(
    FailedPrecondition,
    'RUN_DEPARTED',
    'This train has already left your station.',
    'Search for a later train.',
  ),
  runNotOnSale: text(
    FailedPrecondition,
    'RUN_NOT_ON_SALE',
    'Tickets for this train are not on sale yet.',
    'Try again later or choose another train.',
  ),
  stopNotAllowed: text(
    FailedPrecondition,
    'STOP_NOT_ALLOWED',
    (r) =>
      r.field === 'toStop'
        ? 'Passengers may not get off this train at that station.'
        : 'Passengers may not board this train at that station.',
    'Choose another station or another train.',
  ),
} as const
