/** The hash of a node's state at an index. */
export interface HashCheckpoint {
  readonly index: number
  readonly stateHash: string
  /** It is not the state's: of the rows that are only ever written (ledger, audit, archive). */
  readonly ofRecords?: true
}

export interface PeerHashes {
  readonly id: string
  readonly checkpoints: readonly HashCheckpoint[]
}

export interface HashVerdict {
  /**
   * `agrees`: a majority of the members has this node's hash. `minority`: a majority has another one.
   * `split`: the hashes differ, and no hash is known to have a majority.
   */
  readonly state: 'agrees' | 'minority' | 'split'
  /** What is judged is not the state: the rows that are only ever written. */
  readonly ofRecords?: true
  /** Where it shows. */
  readonly index: number
  readonly ownHash: string
  /** Peers that have the majority's hash there; of a split, those that have this node's. */
  readonly agreeing: readonly string[]
  /** Peers that have another. */
  readonly differing: readonly string[]
}

/**
 * Judges this node's state by its hashes and its peers' at equal indexes. The newest index that a
 * majority answers for decides; a difference that is newer still is a split until a majority is known.
 * Nothing is said where nothing differs and no majority is known.
 */
export function judgeHashes(
  memberCount: number,
  own: readonly HashCheckpoint[],
  peers: readonly PeerHashes[],
): HashVerdict | undefined {
  const ofPeers = peers.map((peer) => ({
    ...peer,
    checkpoints: peer.checkpoints.filter(isOfState),
  }))
  return judge(memberCount, own.filter(isOfState), ofPeers)
}

function judge(
  memberCount: number,
  own: readonly HashCheckpoint[],
  peers: readonly PeerHashes[],
): HashVerdict | undefined {
  const hashesOf = peers.map(({ id, checkpoints }) => ({
    id,
    at: new Map(checkpoints.map(({ index, stateHash }) => [index, stateHash])),
  }))
  const compared = new Set<string>()
  let split: HashVerdict | undefined
  for (const { index, stateHash: ownHash } of own.toSorted((a, b) => b.index - a.index)) {
    const votes = new Map<string, string[]>([[ownHash, []]])
    let differs = false
    for (const { id, at } of hashesOf) {
      const hash = at.get(index)
      if (hash === undefined) continue
      votes.set(hash, [...(votes.get(hash) ?? []), id])
      // What a peer had at an earlier index than the last common one does not count any more.
      differs ||= hash !== ownHash && !compared.has(id)
      compared.add(id)
    }
    const verdictOf = (state: HashVerdict['state'], hash: string): HashVerdict => ({
      state,
      index,
      ownHash,
      agreeing: votes.get(hash) ?? [],
      differing: [...votes].flatMap(([other, ids]) => (other === hash ? [] : ids)),
    })
    for (const [hash, ids] of votes) {
      const own = hash === ownHash ? 1 : 0
      if (2 * (ids.length + own) <= memberCount) continue
      return own === 0 ? verdictOf('minority', hash) : (split ?? verdictOf('agrees', hash))
    }
    if (differs) split ??= verdictOf('split', ownHash)
  }
  return split
}

/** The same of the records: hashes of them are noted at other indexes. */
export function judgeRecords(
  memberCount: number,
  own: readonly HashCheckpoint[],
  peers: readonly PeerHashes[],
): HashVerdict | undefined {
  const ofPeers = peers.map((peer) => ({
    ...peer,
    checkpoints: peer.checkpoints.filter(isOfRecords),
  }))
  const verdict = judge(memberCount, own.filter(isOfRecords), ofPeers)
  return verdict && { ...verdict, ofRecords: true }
}

/** Whether two nodes' states can be compared at all. */
export function haveCommonIndex(
  one: readonly HashCheckpoint[],
  other: readonly HashCheckpoint[],
): boolean {
  const indexes = new Set(one.filter(isOfState).map(({ index }) => index))
  return other.filter(isOfState).some(({ index }) => indexes.has(index))
}

const isOfRecords = ({ ofRecords }: HashCheckpoint): boolean => ofRecords === true
const isOfState = (checkpoint: HashCheckpoint): boolean => !isOfRecords(checkpoint)
