import { Code } from '@connectrpc/connect'
import type { DescribedError } from './described-error.ts'

type Fallback = Pick<DescribedError, 'code' | 'sentence' | 'nextStep' | 'outcome' | 'retryable'>

/** For errors that carry no detail of ours: made by Connect, a proxy, or a browser. */
export function fallbackOf(code: Code): Fallback {
  return fallbacks[code] ?? somethingWrong
}

const definite = (
  code: string,
  sentence: string,
  nextStep: string,
  retryable = false,
): Fallback => ({
  code,
  sentence,
  nextStep,
  outcome: 'notDone',
  retryable,
})

const uncertain = (code: string, sentence: string): Fallback => ({
  code,
  sentence: `${sentence} We could not find out whether your request went through. Nothing more will be charged.`,
  nextStep: 'Look at “My trips”, or try the same again.',
  outcome: 'unknown',
  retryable: true,
})

const somethingWrong = uncertain('INTERNAL', 'Something went wrong on our side.')

const fallbacks: Partial<Record<Code, Fallback>> = {
  [Code.Canceled]: uncertain('CANCELLED', 'The request was stopped.'),
  [Code.Unavailable]: uncertain('NO_NODE_REACHABLE', 'We can not reach the booking system.'),
  [Code.DeadlineExceeded]: uncertain('NO_ANSWER', 'The booking system did not answer in time.'),
  [Code.InvalidArgument]: definite(
    'INVALID_FIELD',
    'Something in the request is not valid.',
    'Check what you have entered.',
  ),
  [Code.NotFound]: definite('NOT_FOUND', 'We have no such thing.', 'Go back and choose again.'),
  [Code.PermissionDenied]: definite(
    'NOT_ALLOWED',
    'This account may not do that.',
    'Log in with an account that may.',
  ),
  [Code.Unauthenticated]: definite('NOT_LOGGED_IN', 'You are not logged in.', 'Log in and go on.'),
  [Code.ResourceExhausted]: definite(
    'OVERLOADED',
    'There are more requests than we can take at the moment.',
    'Try again in a few seconds.',
    true,
  ),
  [Code.Unimplemented]: definite(
    'NOT_SUPPORTED',
    'The booking system does not know this request; this page may be out of date.',
    'Load the page again.',
  ),
}
