import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { cn } from '@/lib/cn'
import { plural } from '@/lib/format/time'
import { formatBytes, type NodeView, roleWord } from '../model/nodes'
import { IndexTrack } from './index-track'

interface NodeCardProps {
  readonly node: NodeView
  readonly leads: boolean
  /** The last index any live node has. */
  readonly newest: bigint
}

export function NodeCard({ node, leads, newest }: NodeCardProps) {
  const { url, contact, status } = node
  const live = contact === 'live'
  return (
    <Card
      className={cn(
        'flex h-full flex-col gap-4 p-5 transition-opacity',
        leads && 'border-brand! ring-1 ring-brand',
        !live && 'border-dashed shadow-none!',
      )}
    >
      <div className="flex items-center justify-between gap-3">
        <h2 className="flex items-center gap-2.5 text-2xl font-semibold tracking-[-0.03em]">
          <Beacon contact={contact} />
          {status?.id ?? URL.parse(url)?.host ?? url}
        </h2>
        {contact === 'connecting' && <Badge>Asking</Badge>}
        {contact === 'silent' && <Badge tone="danger">Unreachable</Badge>}
        {live && <Badge tone={leads ? 'amber' : 'plain'}>{roleWord(status?.role)}</Badge>}
      </div>
      <p className="-mt-2 text-sm text-ink-soft">
        {url}
        {status !== undefined && `, process ${status.pid}`}
      </p>
      {status === undefined ? (
        <p className="py-6 text-ink-soft">Not heard of yet.</p>
      ) : (
        <>
          <dl className="grid grid-cols-3 gap-2">
            <Figure word="Term" value={status.term.toString()} />
            <Figure word="Last entry" value={status.lastIndex.toString()} />
            <Figure word="Log" value={formatBytes(status.logSizeBytes)} />
          </dl>
          <IndexTrack status={status} newest={live ? newest : status.lastIndex} />
          <p className="mt-auto text-sm text-ink-soft">{standing(node, newest)}</p>
        </>
      )}
    </Card>
  )
}

function standing({ contact, status }: NodeView, newest: bigint): string {
  if (status === undefined) return ''
  if (contact !== 'live') return 'This is the last that was heard of it.'
  const behind = Number(newest - status.lastIndex)
  if (behind > 0) return `${plural(behind, 'entry', 'entries')} behind, catching up.`
  return status.ready ? 'Up to date and serving.' : 'Up to date, not serving yet.'
}

function Figure({ word, value }: { word: string; value: string }) {
  return (
    <div>
      <dt className="text-[0.8125rem] text-ink-soft">{word}</dt>
      <dd className="text-lg font-semibold tabular-nums">{value}</dd>
    </div>
  )
}

function Beacon({ contact }: { contact: NodeView['contact'] }) {
  return (
    <span aria-hidden className="relative grid size-3.5 place-items-center">
      {contact === 'live' && (
        <span className="absolute inset-0 animate-ping rounded-full bg-brand/40 [animation-duration:2s]" />
      )}
      <span
        className={cn(
          'size-3 rounded-full border-2',
          contact === 'live' ? 'border-brand bg-brand' : 'border-edge bg-transparent',
        )}
      />
    </span>
  )
}
