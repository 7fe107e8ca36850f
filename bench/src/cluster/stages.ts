/** What a node says of its own work, in its `/metrics`: how long batches were in each stage, and what it paused for. */

/** In the order in which a command passes them; raft-core's names. */
export const raftStages = ['queue', 'append', 'replicate', 'commit', 'apply'] as const

/** Sums since the node started, by a name for each. */
export type StageSums = Readonly<Record<string, number>>

const sums: readonly (readonly [name: string, line: RegExp, times: number])[] = [
  ...raftStages.flatMap((stage) => [
    [`${stage} micros`, line('quorail_raft_stage_seconds_sum', `stage="${stage}"`), 1e6] as const,
    [`${stage} batches`, line('quorail_raft_stage_seconds_count', `stage="${stage}"`), 1] as const,
    [`${stage} entries`, line('quorail_raft_stage_entries_total', `stage="${stage}"`), 1] as const,
  ]),
  ['calls micros', line('quorail_rpc_seconds_sum', ''), 1e6],
  ['calls', line('quorail_rpc_seconds_count', ''), 1],
  ['collector micros', line('nodejs_gc_duration_seconds_sum', ''), 1e6],
]

/** Of Prometheus's text; what the node has not counted yet is nought. */
export function stageSumsOf(text: string): StageSums {
  return Object.fromEntries(
    sums.map(([name, of, times]) => {
      const values = [...text.matchAll(of)].map((match) => Number(match[1]))
      return [name, times * values.reduce((sum, value) => sum + value, 0)]
    }),
  )
}

/** What came between two looks, with `of` before each name. */
export function stagesBetween(of: string, before: StageSums, after: StageSums): StageSums {
  return Object.fromEntries(
    Object.entries(after).map(([name, sum]) => [`${of} ${name}`, sum - (before[name] ?? 0)]),
  )
}

/** Asked again when the node has just closed the connection of the time before. */
export async function askStages(url: string, triesLeft = 3): Promise<StageSums> {
  try {
    return stageSumsOf(await (await fetch(url)).text())
  } catch (error) {
    if (triesLeft === 0) throw error
    return askStages(url, triesLeft - 1)
  }
}

function line(name: string, label: string): RegExp {
  return new RegExp(`^${name}(?:\\{[^}]*${label}[^}]*\\})? (\\S+)$`, 'gm')
}
