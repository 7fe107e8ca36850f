import type { NodeConfig } from '../config/node-config.ts'
import type { RunningHost } from '../host/node-host.ts'
import type { MemberAddress } from '../host/types.ts'
import type { Logger } from '../log.ts'
import { joinCluster } from './join-cluster.ts'
import type { PeerPort } from './peer-port.ts'

/** Addresses change by entries of the log, seldom: nobody waits longer than this for a new link. */
const lookEveryMs = 200

/** Keeps the streams to the others those of the membership; before there is one, those of who may add this node. */
export function followMembers(
  host: Pick<RunningHost, 'roster'>,
  peers: PeerPort,
  { join, own }: NodeConfig,
  log: Logger,
): { close(): Promise<void> } {
  let asked: readonly MemberAddress[] = []
  const look = (): void => {
    const members = host.roster.all()
    // Also one who is being added: its log may not have come to who leads now.
    peers.follow(host.roster.isMember ? members : [...asked, ...members.filter(isNew)])
  }
  const isNew = ({ id, peerUrl }: MemberAddress): boolean =>
    peerUrl !== '' && !asked.some((one) => one.id === id)
  const timer = setInterval(look, lookEveryMs)
  const joining =
    join.length === 0
      ? undefined
      : joinCluster({
          addresses: join,
          own,
          isMember: () => host.roster.isMember,
          onMembers: (members) => {
            asked = members
          },
          log,
        })
  return {
    async close() {
      clearInterval(timer)
      joining?.stop()
    },
  }
}
