import type { DescribedError } from '@quorail/cluster-client'

/** A call that failed, with the words for it already found. */
export class CallError extends Error {
  readonly described: DescribedError

  constructor(described: DescribedError, cause: unknown) {
    super(described.sentence, { cause })
    this.name = 'CallError'
    this.described = described
  }
}

/** What to tell a person about any failure of ours. */
export function describe(error: unknown): DescribedError {
  return error instanceof CallError ? error.described : incomplete
}

/** No call was made: a part of the page itself did not come. */
const incomplete: DescribedError = {
  code: 'PAGE_INCOMPLETE',
  sentence: 'A part of this page could not be loaded. Nothing was booked or charged.',
  nextStep: 'Check your connection and load the page again.',
  outcome: 'notDone',
  field: '',
  retryable: true,
  seats: [],
  figure: 0,
}
