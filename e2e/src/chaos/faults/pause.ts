import { readFileSync } from 'node:fs'
import { WorthlessRun } from '../worthless-run.ts'
import { type Fault, pause as wait, waitForSales } from './fault.ts'
import { readDirectly, summary } from './reads-in-flight.ts'

/** Longer than any election timeout (1 s at most), and than the election. */
const stillMs = 2_500
const readsTwice = 4

/**
 * The leader stands still (SIGSTOP) while reads are on their way to it, before and after another is elected. When it
 * goes on it believes for a moment that it leads, and must answer none of them with what was.
 */
export const pauseLeader: Fault = async (context) => {
  const { cluster, random } = context
  const { id: node, term } = await cluster.waitForLeader()
  const fromMs = performance.now()
  const early = readDirectly(context, node, readsTwice)
  // Some of them are in the middle of their round then, others not read yet.
  await wait(random.between(0, 15))
  cluster.pause(node)
  const state = await processState(cluster.pid(node))
  let successor: string | undefined
  try {
    while (performance.now() - fromMs < 30_000 && successor === undefined) {
      await wait(100)
      const leader = await cluster.leader()
      if (leader !== undefined && leader.id !== node && leader.term > term) successor = leader.id
    }
    await waitForSales(context)
    const late = readDirectly(context, node, readsTwice)
    await wait(Math.max(0, stillMs - (performance.now() - fromMs)))
    cluster.resume(node)
    const reads = [...(await early), ...(await late)]
    if (state !== 'T' || successor === undefined) {
      throw new WorthlessRun(
        `The leader ${node} was in state ${state}, its successor ${successor}.`,
      )
    }
    await waitForSales(context)
    return {
      kind: 'pause leader',
      fromMs,
      toMs: performance.now(),
      nodes: [node],
      proof: { state, successor, readsInFlight: summary(reads) },
    }
  } finally {
    cluster.resume(node)
  }
}

/** As the kernel sees it, once it has come to it. `T`: stopped. */
async function processState(pid: number): Promise<string> {
  for (let look = 0; ; look++) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const state = stat.charAt(stat.lastIndexOf(')') + 2)
    if (state === 'T' || look === 100) return state
    await wait(20)
  }
}
