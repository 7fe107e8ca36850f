import type {
  Run,
  SegmentOccupancy,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { Card } from '@/components/ui/card'
import { formatTime, toMs } from '@/lib/format/time'

interface OccupancyChartProps {
  readonly run: Run
  readonly segments: readonly SegmentOccupancy[]
}

/** A table that is also a bar chart: one row for each piece of line between two stops. */
export function OccupancyChart({ run, segments }: OccupancyChartProps) {
  const { stops, capacity } = run
  return (
    <Card className="p-4 sm:p-6">
      <ul className="mb-5 flex flex-wrap gap-5 text-sm text-ink-soft">
        <Key className="bg-brand" word="Sold" />
        <Key
          className="bg-[repeating-linear-gradient(135deg,var(--amber)_0_4px,transparent_4px_7px)] ring-1 ring-amber ring-inset"
          word="Held or being paid"
        />
        <Key className="bg-sunken" word="Free" />
      </ul>
      <table className="w-full text-left text-[0.9375rem] tabular-nums">
        <caption className="sr-only">Seats taken on each segment</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Segment</th>
            <th scope="col">Share</th>
            <th scope="col">Sold</th>
            <th scope="col">Held</th>
            <th scope="col">Free</th>
          </tr>
        </thead>
        <tbody>
          {segments.map(({ sold, held }, index) => {
            const [from, to] = [stops[index], stops[index + 1]]
            const free = Math.max(0, capacity - sold - held)
            return (
              <tr key={`${from?.station?.code} ${to?.station?.code}`} className="align-middle">
                <th scope="row" className="min-w-36 py-1.5 pr-3 font-medium sm:min-w-56">
                  <span className="mr-2 text-ink-soft max-sm:hidden">
                    {formatTime(toMs(from?.departure), from?.station?.timeZone || 'UTC')}
                  </span>
                  {from?.station?.name}
                  <span className="block text-sm font-normal text-ink-soft sm:ml-12.5">
                    to {to?.station?.name}
                  </span>
                </th>
                <td aria-hidden className="w-full py-1.5">
                  <span className="flex h-7 overflow-hidden rounded-md bg-sunken">
                    <span
                      className="bg-brand transition-[width] duration-500"
                      style={{ width: percent(sold, capacity) }}
                    />
                    <span
                      className="bg-[repeating-linear-gradient(135deg,var(--amber)_0_4px,transparent_4px_7px)] transition-[width] duration-500"
                      style={{ width: percent(held, capacity) }}
                    />
                  </span>
                </td>
                <td className="sr-only">{sold}</td>
                <td className="sr-only">{held}</td>
                <td className="w-20 py-1.5 pl-3 text-right font-semibold">
                  {free}
                  <span className="block text-xs font-normal text-ink-soft">free</span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Card>
  )
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0' : `${(100 * part) / whole}%`
}

function Key({ className, word }: { className: string; word: string }) {
  return (
    <li className="flex items-center gap-2">
      <span aria-hidden className={`size-4 rounded ${className}`} />
      {word}
    </li>
  )
}
