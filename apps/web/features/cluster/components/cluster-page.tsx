'use client'

import { Notice } from '@/components/ui/notice'
import { useNodes } from '../hooks/use-nodes'
import { compareHashes, explain, leaderOf } from '../model/nodes'
import { HashNote } from './hash-note'
import { NodeCard } from './node-card'
import { NodeTable } from './node-table'

export function ClusterPage() {
  const nodes = useNodes()
  const leader = leaderOf(nodes)
  const { tone, title, text } = explain(nodes)
  const newest = nodes.reduce(
    (most, { contact, status }) =>
      contact === 'live' && status !== undefined && status.lastIndex > most
        ? status.lastIndex
        : most,
    0n,
  )
  return (
    <div className="page flex flex-col gap-7 py-6 sm:py-10">
      <div>
        <h1 className="text-3xl font-semibold sm:text-4xl">Cluster</h1>
        <p className="mt-2 max-w-2xl leading-relaxed text-ink-soft">
          The servers that sell the seats, live. They keep one numbered list of everything that
          happened, and each writes it to its own disk.
        </p>
      </div>
      <Notice tone={tone} title={title}>
        {text}
      </Notice>
      <ul className="grid gap-4 md:grid-cols-3">
        {nodes.map((node) => (
          <li key={node.url}>
            <NodeCard node={node} leads={node === leader} newest={newest} />
          </li>
        ))}
      </ul>
      <HashNote verdict={compareHashes(nodes)} />
      <NodeTable nodes={nodes} leader={leader} />
    </div>
  )
}
