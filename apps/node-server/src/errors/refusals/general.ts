/** Refusals about the log, the door and everything at large. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, AlreadyExists } = Code

export const generalRefusals = {
  notFounded: text(
    Code.Unavailable,
    'CLUSTER_STARTING',
    'The cluster has just been set up and is not open yet.',
    'Try again in a few seconds.',
  ),
  featureNotActive: text(
    FailedPrecondition,
    'FEATURE_NOT_ACTIVE',
    (r) => `The cluster has not been raised to feature level ${r.figure}, which this needs.`,
    'It is raised when every node runs a version that knows the level: finish the upgrade of all nodes.',
  ),
  featureActive: text(
    FailedPrecondition,
    'FEATURE_ACTIVE',
    (r) => `The cluster is at feature level ${r.figure} already; a level is never taken back.`,
    'Nothing to do.',
  ),
  alreadyFounded: text(
    AlreadyExists,
    'ALREADY_FOUNDED',
    'This cluster has been founded before.',
    'Nothing to do.',
  ),
  invalidField: text(
    InvalidArgument,
    'INVALID_FIELD',
    (r) => `The field ${r.field || 'of the request'} is not valid.`,
    'Correct the field and send the request again.',
  ),
  notAllowed: text(
    PermissionDenied,
    'NOT_ALLOWED',
    'This account may not do that.',
    'Log in with an account that may, for example one of the staff.',
  ),
  requestIdReused: text(
    InvalidArgument,
    'REQUEST_ID_REUSED',
    'This request id was used before for a different request.',
    'Use a new request id for a new request.',
  ),
  requestBurned: text(
    FailedPrecondition,
    'REQUEST_BURNED',
    'This request was given up earlier and can not happen any more.',
    'Start again with a new request.',
  ),
  noticeNotOpen: text(
    NotFound,
    'NOTICE_NOT_OPEN',
    'There is no such notice, or it was settled before.',
    'Nothing to do: it counts once.',
  ),
  tooMany: text(
    InvalidArgument,
    'TOO_MANY',
    (r) =>
      `There are too many${r.field ? ` (${r.field})` : ''}${r.figure > 0 ? `: at most ${r.figure}` : ''}.`,
    'Send fewer.',
  ),
} as const
