/** What `quorail` ends with. Stable: scripts and supervisors read them. */
export const exitCodes = {
  done: 0,
  /** It was done, and the answer is not good: a node is down, nobody leads; or something failed. */
  failed: 1,
  /** What was typed can not be understood. */
  usage: 2,
  /** The node must not start as things are: a person has to look. Starting it again does not help. */
  refused: 3,
  /** The disk failed under a running node; what was acknowledged is safe in its log and its peers. */
  storageFailed: 4,
  /** A node stopped in good order because an operator asked for a restart: whoever supervises it starts it again. */
  restartWanted: 5,
  /** The node was removed from its cluster: starting it again helps nobody. */
  removed: 6,
  /** What was asked was begun and goes on, and was not finished in the time given: ask again. */
  notYet: 7,
} as const
