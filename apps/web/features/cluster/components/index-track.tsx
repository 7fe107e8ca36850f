import type { NodeStatus } from '@quorail/proto/quorail/cluster/v1/cluster_pb'

const steps = [
  ['lastIndex', 'in its log', 'bg-edge'],
  ['commitIndex', 'agreed', 'bg-amber'],
  ['appliedIndex', 'in memory', 'bg-brand'],
  ['durableIndex', 'in its database', 'bg-brand-strong'],
] as const

/** How far each stage of the node has come along the list, as four short lines. */
export function IndexTrack({ status, newest }: { status: NodeStatus; newest: bigint }) {
  // The last few hundred entries are what one looks at; before them all are equal.
  const from = newest > 200n ? newest - 200n : 0n
  return (
    <ul className="flex flex-col gap-2.5">
      {steps.map(([key, word, colour]) => (
        <li key={key} className="grid grid-cols-[7.5rem_1fr_auto] items-center gap-2 text-sm">
          <span className="text-ink-soft">{word}</span>
          <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
            <span
              className={`block h-full rounded-full transition-[width] duration-300 ${colour}`}
              style={{ width: `${share(status[key], from, newest)}%` }}
            />
          </span>
          <span className="min-w-10 text-right font-medium tabular-nums">
            {status[key].toString()}
          </span>
        </li>
      ))}
    </ul>
  )
}

function share(index: bigint, from: bigint, to: bigint): number {
  if (to <= from) return index > 0n ? 100 : 0
  const part = (Number(index - from) / Number(to - from)) * 100
  return Math.min(100, Math.max(0, part))
}
