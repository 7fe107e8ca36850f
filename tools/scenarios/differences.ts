/**
 * All ways in which our core deliberately differs from etcd's, as far as the scenarios see it. A
 * difference is either a rule that is applied to both the expected and the found output before they
 * are compared, or something that the runner does for the core. None of them looks at a file's name.
 */

/** A line of output; `number` is that of the file, for what is expected. */
export interface Line {
  readonly text: string
  readonly number: number
}

export interface Rule {
  readonly what: string
  readonly why: string
  readonly apply: (lines: readonly Line[]) => readonly Line[]
}

/** What the runner does so that our core can be looked at with etcd's eyes. */
export const ADAPTATIONS: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: 'Vote requests leave with the Ready that they are made in.',
    why:
      'Our core holds them until the vote for itself is durable; etcd lets them out at once. Nothing ' +
      'depends on the difference but when they are seen.',
  },
  {
    what: 'In place of a change of the membership that is refused, an empty command is proposed.',
    why:
      'Our core refuses with a reason and appends nothing; etcd appends an empty entry and logs the ' +
      'reason. The scenarios count on the entry that follows having its index. Ours also refuses a change ' +
      'that names a node twice or changes nothing.',
  },
  {
    what: 'A leader that appends prints an answer to itself; so do the append and the apply thread.',
    why:
      'etcd sends a node messages from itself; our core hears the same by `appended` and `applied`. ' +
      'The core hears that a write is durable when the first such message about it is delivered.',
  },
  {
    what: 'Proposals and requests for a transfer are passed on to the leader by the runner.',
    why: 'Passing them on is our runtime’s business, not the core’s.',
  },
  {
    what: 'A Ready has all committed entries, also when the core hands them out in several batches.',
    why: 'Our core hands out the next batch once the last one is applied; etcd asks again each time.',
  },
  {
    what: 'Snapshots are whole at once, and there is always one of the last applied entry.',
    why: 'Making, sending and storing them is our runtime’s business; etcd’s harness does the same.',
  },
  {
    what: 'What a stale leader or candidate is told, and etcd does not tell it, is left out.',
    why:
      'Our core always answers a leader and a candidate of an older term, so that they learn of the ' +
      'newer one at once. etcd answers a leader only with pre-votes or quorum checks on, and a candidate ' +
      'only in a pre-vote. The answer to a leader is a refusal of nothing here, and no refusal there.',
  },
  {
    what: 'What our core says again with time, because nothing was answered, is left out.',
    why:
      'It offers a snapshot anew after an election timeout, and tells the target of a transfer to ' +
      'campaign with every heartbeat: either may have been lost. etcd waits for ever for the first, ' +
      'and lets the second time out.',
  },
  {
    what: 'A transfer that is asked for during another one takes its place.',
    why: 'Our core refuses it as long as the other one is under way; the runner takes that one back.',
  },
  {
    what: 'Writes may take any time, and a new leader may change the membership at once.',
    why:
      'Switches of our core: it would give up leadership when the disk stands still, and refuses changes ' +
      'before an entry of its own term is committed (Ongaro 2015). etcd does neither.',
  },
  {
    what: 'A node with lease reads has been up for an election timeout when a scenario begins.',
    why:
      'With lease reads our core does not vote right after a start: in its past life it may have ' +
      'promised a leader to wait. etcd forgets that promise.',
  },
]

export const RULES: readonly Rule[] = [
  {
    what: 'The messages of a Ready are compared in the order of each receiver.',
    why:
      'etcd sends everybody the commit index, then everybody the entries; our core sends each follower ' +
      'all it is due. The order between two receivers means nothing: they share no channel.',
    apply: sortMessages,
  },
]

export function applyRules(lines: readonly Line[]): readonly Line[] {
  return RULES.reduce((left, rule) => rule.apply(left), lines)
}

const MESSAGE = /^(\s*)\w+->(\w+) Msg/

/** Sorts each run of messages under `Messages:` by receiver; lines that belong to one stay with it. */
function sortMessages(lines: readonly Line[]): readonly Line[] {
  const result: Line[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at++] as Line
    result.push(line)
    if (!/^\s*Messages:$/.test(line.text)) continue
    const indent = line.text.length - line.text.trimStart().length
    const messages: { receiver: string; lines: Line[] }[] = []
    for (; at < lines.length; at++) {
      const next = lines[at] as Line
      const match = MESSAGE.exec(next.text)
      const own = next.text.length - next.text.trimStart().length
      if (match !== null && own === indent) {
        messages.push({ receiver: match[2] as string, lines: [next] })
      } else if (messages.length > 0 && (own > indent || /^\s*\]/.test(next.text))) {
        messages.at(-1)?.lines.push(next)
      } else break
    }
    const sorted = [...messages].sort((a, b) => (a.receiver < b.receiver ? -1 : 1))
    result.push(...stable(messages, sorted))
  }
  return result
}

/** Messages in the order of `sorted`, those to the same receiver in the order they came. */
function stable(
  messages: readonly { receiver: string; lines: Line[] }[],
  sorted: readonly { receiver: string }[],
): readonly Line[] {
  const receivers = [...new Set(sorted.map(({ receiver }) => receiver))]
  return receivers.flatMap((receiver) =>
    messages.filter((message) => message.receiver === receiver).flatMap((message) => message.lines),
  )
}
