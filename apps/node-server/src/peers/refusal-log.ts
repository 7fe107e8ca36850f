import type { Logger } from '../log.ts'
import { type PeerRefusal, RefusedByPeer } from './peer-refusals.ts'

/** Who was refused: a node that was dialled, or what has connected from an address. */
export interface Refused {
  readonly refusal: PeerRefusal
  readonly peer?: string
  readonly from?: string
}

export type OnRefused = (refused: Refused) => void

/** As a line for a person. */
export function logRefusals(log: Logger): OnRefused {
  return eachOnceAMinute(({ refusal, peer, from }) => {
    const { code, message } = refusal
    const who = peer === undefined ? `who has connected from ${from}` : peer
    const said =
      refusal instanceof RefusedByPeer
        ? `${who} refuses this node, of which it says: ${message}`
        : `${who} is not believed to be a peer: ${message}`
    log.warn({ code, peer, from }, said)
  })
}

const sayAgainAfterMs = 60_000
/** Addresses that knock are not remembered without end. */
const mostRemembered = 1_000

/** Passes on what has not been said of this peer, or this address, within a minute: who is refused tries again and again. */
export function eachOnceAMinute(say: OnRefused, now = () => performance.now()): OnRefused {
  const saidAt = new Map<string, number>()
  return (refused) => {
    const { refusal } = refused
    const way = refusal instanceof RefusedByPeer ? 'by' : 'of'
    const key = `${way} ${refusal.code} ${refused.peer ?? ''} ${refused.from ?? ''}`
    const before = saidAt.get(key)
    if (before !== undefined && now() - before < sayAgainAfterMs) return
    if (saidAt.size >= mostRemembered) saidAt.clear()
    saidAt.set(key, now())
    say(refused)
  }
}
