import { ConnectError } from '@connectrpc/connect'
import { describeError } from '@quorail/cluster-client'

/** One line for a person. */
export function failureText(error: unknown): string {
  if (!(error instanceof ConnectError))
    return error instanceof Error ? error.message : String(error)
  const { sentence, nextStep } = describeError(error)
  return `${sentence} ${nextStep}`.trim()
}
