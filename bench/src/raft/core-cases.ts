import type { Case } from '../harness/measure.ts'
import { repeatFor, sampled } from '../harness/sample.ts'
import { type Carry, CoreTrio } from './core-trio.ts'
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
      const trio = new CoreTrio(doors, carry)
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
