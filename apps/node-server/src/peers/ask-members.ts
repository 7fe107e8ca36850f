import type { AskMembers } from '../host/removal-watch.ts'
import { statusAsker } from './ask-status.ts'

const withinMs = 1_000

/** Asks peers over their client ports whom they take for the members. */
export function membersAsker(clusterId: () => string): AskMembers {
  const ask = statusAsker({ withCheckpoints: false }, withinMs)
  return (peer, done) => {
    ask(peer, (answer) => {
      const status = answer?.status
      if (status === undefined || status.clusterId !== clusterId()) return done(undefined)
      done({
        configIndex: Number(status.configIndex),
        ids: status.members.map(({ id }) => id),
      })
    })
  }
}
