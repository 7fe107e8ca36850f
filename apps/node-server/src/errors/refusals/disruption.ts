/** Refusals about runs that are cancelled, late or made of other coaches. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, NotFound } = Code

export const disruptionRefusals = {
  runCancelled: text(
    FailedPrecondition,
    'RUN_CANCELLED',
    'This train does not run on that day.',
    'Choose another train. Who has paid for it can choose one at no extra price, or gets the whole money back.',
  ),
  consistChanging: text(
    FailedPrecondition,
    'CONSIST_CHANGING',
    'This train is being given other coaches, and its passengers other seats.',
    'Try again in a moment.',
  ),
  coachNotFound: text(
    NotFound,
    'COACH_NOT_FOUND',
    'The train has no such coach.',
    'Name one of its coaches as it is painted.',
  ),
  disruptionNotFound: text(
    NotFound,
    'DISRUPTION_NOT_FOUND',
    'There is no such disruption.',
    'Choose one from the list.',
  ),
  nothingDue: text(
    FailedPrecondition,
    'NOTHING_DUE',
    'Passengers may still choose, or all of this disruption is done.',
    'Nothing to do.',
  ),
  arrivalRecorded: text(
    FailedPrecondition,
    'ARRIVAL_RECORDED',
    'It is known when this train arrived there.',
    'Record the arrival again, if it was another time.',
  ),
  notArrived: text(
    FailedPrecondition,
    'NOT_ARRIVED',
    'This train can not have arrived there yet.',
    'Record what is expected, or wait until it has arrived.',
  ),
  notDisrupted: text(
    FailedPrecondition,
    'NOT_DISRUPTED',
    'This booking has its train, or its choice was made before.',
    'Cancel or exchange it in the usual way.',
  ),
  otherStations: text(
    FailedPrecondition,
    'OTHER_STATIONS',
    'That train does not go between the stations of the booking.',
    'Choose a train between the same stations.',
  ),
  tooFarApart: text(
    FailedPrecondition,
    'TOO_FAR_APART',
    'That train leaves too long before or after the one that was lost.',
    'Choose one nearer in time, or take the money.',
  ),
} as const
