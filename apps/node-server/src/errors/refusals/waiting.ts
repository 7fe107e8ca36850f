/** Refusals about draws and waiting lists. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, InvalidArgument, NotFound, AlreadyExists } = Code

export const waitingRefusals = {
  drawNotFound: text(
    NotFound,
    'DRAW_NOT_FOUND',
    'There is no such draw.',
    'Look at the list of draws.',
  ),
  drawNotOpen: text(
    FailedPrecondition,
    'DRAW_NOT_OPEN',
    'The draw does not take this now.',
    'Look at its times: entries in the window, the seed between window and deadline.',
  ),
  alreadyEntered: text(
    AlreadyExists,
    'ALREADY_ENTERED',
    (r) => `You are in this draw already, with the number ${r.figure}.`,
    'Nothing to do: everybody has one entry.',
  ),
  seedMismatch: text(
    InvalidArgument,
    'SEED_MISMATCH',
    'This is not the seed that was committed to.',
    'Send the seed whose SHA-256 the draw shows.',
  ),
  runInDraw: text(
    FailedPrecondition,
    'RUN_IN_DRAW',
    'The seats of this train are drawn among those who entered.',
    'Enter the draw in its window, or try again when it is done.',
  ),
  noWaitingList: text(
    FailedPrecondition,
    'NO_WAITING_LIST',
    'There are no waiting lists at the moment.',
    'Choose another train or another class.',
  ),
  seatsAvailable: text(
    FailedPrecondition,
    'SEATS_AVAILABLE',
    (r) =>
      r.field === ''
        ? 'There are seats: nobody needs to wait.'
        : 'There are seats on one of the alternatives: nobody needs to wait.',
    'Book them.',
  ),
  waitingListFull: text(
    FailedPrecondition,
    'WAITING_LIST_FULL',
    'So many wait for this class that your chances would be poor: nobody else can join.',
    'Choose another train or another class.',
  ),
  alreadyWaiting: text(
    AlreadyExists,
    'ALREADY_WAITING',
    'You are waiting for this class of this train already.',
    'Look at “My trips” for your place in the list.',
  ),
  chartClosed: text(
    FailedPrecondition,
    'CHART_CLOSED',
    'The waiting list of this train is closed.',
    'Look for seats that are given back, or choose another train.',
  ),
  onWaitingList: text(
    FailedPrecondition,
    'ON_WAITING_LIST',
    'This booking waits for seats and holds none.',
    'Leave the waiting list if you do not want it any more.',
  ),
  notWaiting: text(
    FailedPrecondition,
    'NOT_WAITING',
    'This booking is not on a waiting list.',
    'Look at the booking: it may have seats by now.',
  ),
  waitingOver: text(
    FailedPrecondition,
    'WAITING_OVER',
    'No seats came free in time. You have not been charged.',
    'Choose another train.',
  ),
} as const
