/** Refusals about accounts, sessions and the second factor. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, NotFound, PermissionDenied, AlreadyExists } = Code

export const accountsRefusals = {
  emailTaken: text(
    AlreadyExists,
    'EMAIL_TAKEN',
    'There is an account with this email already.',
    'Log in, or register with another email.',
  ),
  accountNotFound: text(
    NotFound,
    'ACCOUNT_NOT_FOUND',
    'There is no such account.',
    'Log in again.',
  ),
  accountClosed: text(
    PermissionDenied,
    'ACCOUNT_CLOSED',
    'This account is closed.',
    'Ask the railway.',
  ),
  lastOperator: text(
    FailedPrecondition,
    'LAST_OPERATOR',
    'Nobody else is an operator.',
    'Make somebody else an operator first.',
  ),
  resetNotFound: text(
    NotFound,
    'RESET_NOT_FOUND',
    'This code for a new password was used, replaced or is too old.',
    'Ask for a new code.',
  ),
  secondFactorRequired: text(
    PermissionDenied,
    'SECOND_FACTOR_REQUIRED',
    'Your role needs a second factor, and your account has none.',
    'Set one up under your account; until then nothing else can be done.',
  ),
  secondFactorNeeded: text(
    Code.Unauthenticated,
    'SECOND_FACTOR_NEEDED',
    'This account has a second factor.',
    'Log in again with the code that your device shows, or with a recovery code.',
  ),
  secondFactorOn: text(
    FailedPrecondition,
    'SECOND_FACTOR_ON',
    'This account has a second factor already.',
    'Switch it off first to set up another device.',
  ),
  secondFactorOff: text(
    FailedPrecondition,
    'SECOND_FACTOR_OFF',
    'This account has no second factor, or none was begun.',
    'Begin with a new one.',
  ),
  codeUsed: text(
    Code.Unauthenticated,
    'CODE_USED',
    'This code, or a later one, has been used.',
    'Wait for the next code, up to 30 seconds.',
  ),
  recoveryCodeNotFound: text(
    Code.Unauthenticated,
    'RECOVERY_CODE_NOT_FOUND',
    'This is no recovery code of the account, or it has been used.',
    'Use another one; who has none left asks the operators for a reset.',
  ),
  factorResetNotAsked: text(
    FailedPrecondition,
    'FACTOR_RESET_NOT_ASKED',
    'No operator has asked for this reset within a day.',
    'One operator asks for it, another one approves it.',
  ),
  passengerNotFound: text(
    NotFound,
    'PASSENGER_NOT_FOUND',
    'You have saved no such passenger.',
    'Choose one from the list.',
  ),
  bookingNotOver: text(
    FailedPrecondition,
    'BOOKING_NOT_OVER',
    (r) => `The account has a booking that is not over (number ${r.figure}).`,
    'Travel or cancel first, and wait until the refund was paid.',
  ),
  sessionNotFound: text(
    Code.Unauthenticated,
    'SESSION_NOT_FOUND',
    'You are not logged in any more.',
    'Log in again.',
  ),
} as const
