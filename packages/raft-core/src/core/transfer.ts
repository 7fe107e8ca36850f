/**
 * Handing leadership over (dissertation §3.10): take no more commands, bring the target up to date,
 * tell it to campaign at once. After an election timeout without success this node leads on.
 */
import type { NodeId } from '../types.ts'
import { invariant } from './invariant.ts'
import type { TransferResult } from './io.ts'
import { isVoter } from './membership.ts'
import type { Progress } from './progress.ts'
import type { CoreState, Transfer } from './state.ts'

export function startTransfer(s: CoreState, id: number, to: NodeId | undefined): void {
  const result = refusal(s, to)
  const target = to ?? bestTarget(s)?.id
  if (result !== undefined || target === undefined) {
    s.emit({ type: 'transferEnded', id, result: result ?? 'badTarget', leader: s.leader })
    return
  }
  const deadline = s.now + s.config.electionMinTicks
  s.transfer = { id, to: target, deadline, left: false, isHelped: false, sentAt: undefined }
}

/** After every input: sends TimeoutNow when the target has everything, and notices the end. */
export function advanceTransfer(s: CoreState): void {
  const transfer = s.transfer
  if (transfer === undefined) return
  if (transfer.left) {
    if (s.leader === transfer.to) endTransfer(s, transfer, 'transferred')
    else if (s.leader !== undefined) endTransfer(s, transfer, 'lost')
    return
  }
  const progress = s.progress.get(transfer.to)
  invariant(progress !== undefined, 'a transfer ends when its target is no voter any more')
  if (progress.match < s.log.lastIndex) {
    // Once; then as always, by what it answers.
    if (!transfer.isHelped) progress.appendDue = true
    transfer.isHelped = true
    return
  }
  // TimeoutNow may be lost: say it again with every heartbeat.
  const { sentAt } = transfer
  if (sentAt !== undefined && s.now - sentAt < s.config.heartbeatTicks) return
  transfer.sentAt = s.now
  s.send({ type: 'timeoutNow', from: s.config.id, to: transfer.to, term: s.term })
}

export function tickTransfer(s: CoreState): void {
  const transfer = s.transfer
  if (transfer === undefined || s.now < transfer.deadline) return
  endTransfer(s, transfer, transfer.left ? 'lost' : 'timeout')
}

/** The user, or a change of the membership, takes it back. A target that was told may campaign still. */
export function abortTransfer(s: CoreState): void {
  const { transfer } = s
  if (transfer !== undefined && !transfer.left) endTransfer(s, transfer, 'aborted')
}

/** The target can not campaign: better to lead on now than after a timeout. */
export function handleTransferRefused(s: CoreState, from: NodeId): void {
  const { transfer } = s
  if (transfer?.to === from && !transfer.left) endTransfer(s, transfer, 'refused')
}

/** The disk stalled, or this node was removed: whoever has most should take over, if it can. The leader does not wait for it. */
export function nominateSuccessor(s: CoreState): void {
  const best = bestTarget(s)
  if (best === undefined) return
  s.send({ type: 'timeoutNow', from: s.config.id, to: best.id, term: s.term })
}

function endTransfer(s: CoreState, { id }: Transfer, result: TransferResult): void {
  s.transfer = undefined
  s.emit({ type: 'transferEnded', id, result, leader: s.leader })
}

function refusal(s: CoreState, to: NodeId | undefined): TransferResult | undefined {
  if (s.role !== 'leader') return 'notLeader'
  if (s.transfer !== undefined) return 'busy'
  if (to === undefined) return undefined
  const progress = s.progress.get(to)
  return progress !== undefined && isVoter(s.membership, to) && !s.isApart(to)
    ? undefined
    : 'badTarget'
}

function bestTarget(s: CoreState): Progress | undefined {
  let best: Progress | undefined
  for (const progress of s.progress.values()) {
    const active = s.now - progress.lastHeard < s.config.electionMinTicks
    if (!active || s.isApart(progress.id) || !isVoter(s.membership, progress.id)) continue
    if (best === undefined || progress.match > best.match) best = progress
  }
  return best
}
