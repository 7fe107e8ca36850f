import { it } from 'vitest'
import { runSchedules } from '../../test/random-schedules.ts'

const seed = Number(process.env.QUORAIL_SEED ?? 1)
const runs = Number(process.env.SCHEDULES ?? 60)

it(`random schedules keep Raft's safety properties, and a healed cluster agrees (${runs} from seed ${seed})`, () => {
  runSchedules(seed, runs)
})
