import { formatBytes, type NodeView, roleWord } from '../model/nodes'

const columns = [
  'Node',
  'Role',
  'Term',
  'Last',
  'Committed',
  'Applied',
  'In database',
  'State hash',
  'Log size',
  'Serving',
] as const

/** The same figures as a table: for screen readers, for copying, for looking closely. */
export function NodeTable(props: { nodes: readonly NodeView[]; leader: NodeView | undefined }) {
  const { nodes, leader } = props
  return (
    <details className="rounded-card border border-hairline bg-card">
      <summary className="rounded-card px-5 py-4 font-semibold">All figures as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keys */}
      <section className="overflow-x-auto px-5 pb-5" aria-label="Figures" tabIndex={0}>
        <table className="w-full min-w-4xl text-left text-sm tabular-nums">
          <thead>
            <tr className="border-b border-hairline text-ink-soft">
              {columns.map((column) => (
                <th key={column} scope="col" className="py-2 pr-4 font-medium">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.url} className="border-b border-hairline last:border-0">
                <th scope="row" className="py-2.5 pr-4 font-semibold">
                  {node.status?.id ?? node.url}
                </th>
                {cells(node, leader).map((cell, index) => (
                  <td key={columns[index + 1]} className="py-2.5 pr-4 whitespace-nowrap">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <p className="mt-4 max-w-2xl text-sm leading-relaxed text-ink-soft">
          The log is kept whole: it is not compacted yet. Hashes of two servers can be compared when
          they are of the same entry.
        </p>
      </section>
    </details>
  )
}

function cells(node: NodeView, leader: NodeView | undefined): readonly string[] {
  const { status, contact } = node
  if (status === undefined) return ['Not heard of', ...columns.slice(2).map(() => '')]
  return [
    contact !== 'live' ? 'Unreachable' : node === leader ? 'Leader' : roleWord(status.role),
    String(status.term),
    String(status.lastIndex),
    String(status.commitIndex),
    String(status.appliedIndex),
    String(status.durableIndex),
    status.stateHash === '' ? 'none yet' : `${status.stateHash} at ${status.hashIndex}`,
    formatBytes(status.logSizeBytes),
    status.ready && contact === 'live' ? 'yes' : 'no',
  ]
}
