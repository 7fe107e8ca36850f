import type { Genesis, MemberChange, Membership, MembershipChange, SnapshotMark } from '../types.ts'
import { at, bytesText, line, listText, namesText, nameText, parts, shortId } from './text.ts'

/** `voters n1 n2 n3, learners n4`; joint ones have `outgoing`, too. */
export function describeMembership(membership: Membership): string {
  const { voters, votersOutgoing, learners, learnersNext, autoLeave, promote } = membership
  const list = (what: string, names: readonly string[]) =>
    names.length === 0 ? '' : `${what} ${namesText(names)}`
  return line(
    parts(
      voters.length === 0 ? 'no voters' : list('voters', voters),
      list('outgoing', votersOutgoing),
      list('learners', learners),
      list('learners next', learnersNext),
      list('to promote', promote),
      autoLeave ? 'leaves by itself' : '',
    ),
  )
}

/** `addVoter n4, remove n1 (auto)`; with no steps `leave the joint configuration`. */
export function describeMembershipChange(change: MembershipChange): string {
  const { changes, transition, context } = change
  const steps =
    changes.length === 0 ? 'leave the joint configuration' : listText(changes, stepText, ', ')
  const news = context.length === 0 ? '' : ` with ${bytesText(context)}`
  return line(`${steps} (${transition})${news}`)
}

/** `100@3 config 90, voters n1 n2 n3` */
export function describeSnapshotMark(mark: SnapshotMark): string {
  const { index, term, membership, configIndex } = mark
  return line(`${at(index, term)} config ${configIndex}, ${describeMembership(membership)}`)
}

/** `cluster 01234567 of n1 n2 n3` */
export function describeGenesis(genesis: Genesis): string {
  return line(`cluster ${shortId(genesis.clusterId)} of ${namesText(genesis.members)}`)
}

function stepText(step: MemberChange): string {
  return `${step.type} ${nameText(step.id)}${step.promote === true ? ' to promote' : ''}`
}
