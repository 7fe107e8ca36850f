import { it } from 'vitest'
import { runGroups } from '../../test/random-groups.ts'

const seed = Number(process.env.QUORAIL_SEED ?? 1)
const runs = Number(process.env.SCHEDULES ?? 300)

it(`groups that change while they work stay one, and a healed one agrees (${runs} from seed ${seed})`, () => {
  runGroups(seed, runs)
})
