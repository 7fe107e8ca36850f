import type { Refusal, Reply } from '@quorail/booking-fsm'
import { internalError } from '../errors/door-errors.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import { refusalError } from '../errors/refusals.ts'
import type { NodeHost, Submission, Submitted } from '../host/types.ts'
import { currentCall } from '../tracing/current-call.ts'

/**
 * A call that is exactly one command: what it puts into the log, and what it answers once that is applied.
 * One way for calls that come one by one and for those that come in a stream.
 */
export interface Plan<Output> {
  readonly submission: Submission
  /** Reads the state, so right after the command is applied. Throws the refusal. */
  answer(submitted: Submitted): Output
}

export function planned<Type extends Reply['type'], Output>(
  submission: Submission,
  expected: Type,
  answer: (reply: Extract<Reply, { type: Type }>, index: number) => Output,
): Plan<Output> {
  return {
    submission,
    answer: ({ reply, index }) => answer(mustBe(reply, expected), index),
  }
}

export async function carryOut<Output>(host: NodeHost, plan: Plan<Output>): Promise<Output> {
  const submit = () => host.submit(plan.submission)
  const call = currentCall()
  const submitted = await (call?.propose(submit) ?? submit()).catch((error: unknown) => {
    throw raftFailure(error, host.leader())
  })
  call?.committedAt(submitted.index)
  return plan.answer(submitted)
}

/** Throws the refusal, or says that the state machine has answered something else. */
export function mustBe<Type extends Reply['type']>(
  reply: Reply,
  expected: Type,
): Extract<Reply, { type: Type }> {
  if (reply.type === 'refused') throw refusalError(reply satisfies Refusal)
  if (!isOfType(reply, expected)) {
    throw internalError(new Error(`expected the reply ${expected}, got ${reply.type}`))
  }
  return reply
}

function isOfType<Type extends Reply['type']>(
  reply: Reply,
  type: Type,
): reply is Extract<Reply, { type: Type }> {
  return reply.type === type
}
