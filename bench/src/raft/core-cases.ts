import type { Case } from '../harness/measure.ts'
import { repeatFor, sampled } from '../harness/sample.ts'
import { type Carry, CoreTrio, throughCodec } from './core-trio.ts'
import type { RaftCoreDoors } from './doors.ts'
import { commands } from './members.ts'

export const CORE_BATCH_64 = 'core, 64 commands a round'
export const CORE_BATCH_1 = 'core, 1 command a round'
export const CORE_CODEC_64 = 'core and codec, 64 commands a round'
export const CORE_CODEC_1 = 'core and codec, 1 command a round'

/** One round: proposed, replicated, committed, applied on all three, before the next begins. */
export function proposeRounds(
  name: string,
  doors: RaftCoreDoors,
  batch: number,
  carry?: Carry,
): Case {
  const batchOfCommands = commands(batch)
  return {
    name,
    unit: batch === 1 ? 'rounds' : 'entries',
    run: (seconds) => {
      const trio = new CoreTrio(doors, carry === undefined ? {} : { carry })
      return sampled(() => {
        const before = trio.commitIndex
        const carried = trio.messagesCarried
        const rounds = repeatFor(seconds, 16, () => {
          trio.propose(batchOfCommands)
          trio.settle()
        })
        const operations = rounds * batch
        if (trio.commitIndex - before !== operations) throw new Error(`${name}: not all committed`)
        return { operations, counts: { rounds, messages: trio.messagesCarried - carried } }
      })
    },
  }
}

/** One round of messages confirms `batch` reads together. */
export function readRounds(name: string, doors: RaftCoreDoors, batch: number): Case {
  return {
    name,
    unit: 'reads',
    run: (seconds) => {
      const trio = new CoreTrio(doors)
      return sampled(() => {
        let id = 1
        repeatFor(seconds, 16, () => {
          for (let i = 0; i < batch; i++) trio.read(id++)
          trio.settle()
        })
        if (trio.readsAnswered !== id - 1) throw new Error(`${name}: not all answered`)
        return { operations: id - 1 }
      })
    },
  }
}

/** How far behind a follower is in `catchUp`: most of it is not in the leader's memory any more. */
const BEHIND = 64_000

/** A follower has been cut off; its leader reads from its log what it no longer has in memory. */
export function catchUp(name: string, doors: RaftCoreDoors): Case {
  const batchOfCommands = commands(64)
  return {
    name,
    unit: 'entries',
    run: () => {
      const core = { maxTailBytes: 1 << 20 }
      const trio = new CoreTrio(doors, { core, keepsLog: true, carry: throughCodec(doors) })
      trio.cutOff = 'n3'
      for (let i = 0; i < BEHIND; i += batchOfCommands.length) {
        trio.propose(batchOfCommands)
        trio.settle()
      }
      trio.cutOff = undefined
      return sampled(() => {
        const before = trio.matchOf('n3')
        for (let ticks = 0; trio.matchOf('n3') < trio.commitIndex; ticks++) {
          if (ticks > 1000) throw new Error(`${name}: it does not catch up`)
          trio.tick()
        }
        return { operations: trio.matchOf('n3') - before }
      })
    },
  }
}
