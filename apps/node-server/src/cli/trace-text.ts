/** What one node remembers. */
export interface NodeAnswer {
  readonly id: string
  readonly address: string
  readonly answers: boolean
  readonly calls: readonly {
    readonly method: string
    readonly code: string
    readonly ms: number
    readonly stages: Readonly<Record<string, number>>
    readonly index: number
    readonly endedAt: string
  }[]
  readonly entries: readonly {
    readonly index: number
    readonly writtenAt: string
    readonly durableMs: number | null
    readonly appliedMs: number | null
  }[]
}

/** The calls, and then each entry's way through the nodes, for a person. */
export function traceText(answers: readonly NodeAnswer[]): string[] {
  const lines = answers.flatMap(({ id, calls }) =>
    calls.flatMap(({ method, code, ms, stages, index, endedAt }) => [
      `${method} on ${id}: ${code}, ${ms} ms, ended ${endedAt}${index > 0 ? `, log index ${index}` : ''}`,
      `  ${Object.entries(stages)
        .map(([name, part]) => `${name} ${part} ms`)
        .join(', ')}`,
    ]),
  )
  const indexes = new Set(answers.flatMap(({ entries }) => entries.map(({ index }) => index)))
  for (const index of indexes) {
    lines.push(`entry ${index}`)
    for (const answer of answers) lines.push(`  ${answer.id}: ${wayOf(answer, index)}`)
  }
  if (lines.length > 0) return lines
  const silent = answers.filter((answer) => !answer.answers).map(({ id }) => id)
  const nothing = 'Nothing of it is remembered: it was not slow, or it is too long ago.'
  return silent.length === 0 ? [nothing] : [nothing, `No answer from ${silent.join(', ')}.`]
}

function wayOf({ answers, entries }: NodeAnswer, index: number): string {
  if (!answers) return 'no answer'
  const entry = entries.find((one) => one.index === index)
  if (entry === undefined) return 'not remembered: it was not slow here'
  const { writtenAt, durableMs, appliedMs } = entry
  const durable = durableMs === null ? 'not durable yet' : `durable after ${durableMs} ms`
  const applied = appliedMs === null ? 'not applied yet' : `applied after ${appliedMs} ms`
  return `written ${writtenAt}, ${durable}, ${applied}`
}
