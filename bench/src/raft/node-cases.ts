import type { RaftNode } from '@quorail/raft-core'
import type { Case } from '../harness/measure.ts'
import { Durations, sampled, type Work } from '../harness/sample.ts'
import type { RaftCoreDoors } from './doors.ts'
import { command } from './members.ts'
import { openNodeTrio } from './node-trio.ts'

type Leader = RaftNode<undefined>

/** One caller after another call: asks again as soon as it has its answer, until the time is over. */
type Caller = (leader: Leader, until: number, latencies: Durations) => Promise<void>

const proposeCaller: Caller = async (leader, until, latencies) => {
  for (let now = performance.now(); now < until; ) {
    await leader.propose(command)
    const after = performance.now()
    latencies.add(after - now)
    now = after
  }
}

const proposeWithCaller: Caller = (leader, until, latencies) =>
  new Promise((resolve, reject) => {
    let began = performance.now()
    const again = (): void => {
      leader.proposeWith(command, (error) => {
        if (error !== undefined) return reject(error)
        const now = performance.now()
        latencies.add(now - began)
        began = now
        if (now < until) again()
        else resolve()
      })
    }
    again()
  })

const readWithCaller: Caller = (leader, until, latencies) =>
  new Promise((resolve, reject) => {
    let began = performance.now()
    const again = (): void => {
      leader.readWith((error) => {
        if (error !== undefined) return reject(error)
        const now = performance.now()
        latencies.add(now - began)
        began = now
        if (now < until) again()
        else resolve()
      })
    }
    again()
  })

const CALLERS = { propose: proposeCaller, proposeWith: proposeWithCaller, readWith: readWithCaller }

/** `callers` at once, in a closed loop: latencies are those of exactly so many, not of an open door. */
export function nodeCase(
  name: string,
  doors: RaftCoreDoors,
  call: keyof typeof CALLERS,
  callers: number,
): Case {
  const caller = CALLERS[call]
  return {
    name,
    unit: call === 'readWith' ? 'reads' : 'commands',
    run: async (seconds) => {
      const { leader, close } = await openNodeTrio(doors)
      const sample = await sampled(() => load(leader, caller, callers, seconds))
      await close()
      return sample
    },
  }
}

async function load(
  leader: Leader,
  caller: Caller,
  callers: number,
  seconds: number,
): Promise<Work> {
  const latencies = new Durations()
  const until = performance.now() + seconds * 1000
  await Promise.all(Array.from({ length: callers }, () => caller(leader, until, latencies)))
  const latenciesMs = latencies.taken()
  return { operations: latenciesMs.length, latenciesMs }
}
