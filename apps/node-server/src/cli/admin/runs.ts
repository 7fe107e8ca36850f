import { UsageError } from '../usage-error.ts'
import type { AdminContext } from './context.ts'
import { print } from './print.ts'
import { instant, none } from './words.ts'

/** Runs by date. */
export async function adminRuns(
  { admin, options, limit }: AdminContext,
  words: readonly string[],
): Promise<void> {
  none(words)
  const { from, to = from, train = '0', state = '', page = '0' } = options
  if (from === undefined || to === undefined) throw new UsageError('Say --from DATE (YYYY-MM-DD).')
  const found = await admin.listRunStates({
    fromDate: from,
    toDate: to,
    trainId: idOf(train, '--train'),
    state,
    afterRunId: idOf(page, '--page'),
    limit,
  })
  const runs = found.runs.map((run) => ({
    id: Number(run.runId),
    train: run.trainNumber,
    trainId: Number(run.trainId),
    date: run.serviceDate,
    departsAt: instant(run.departsAt),
    states: run.states,
    classes: run.classes.map((of) => ({
      class: of.classCode,
      capacity: of.capacity,
      sold: of.sold,
      held: of.held,
      blocked: of.blocked,
      free: of.free,
    })),
  }))
  print(
    {
      headings: ['ID', 'TRAIN', 'DATE', 'STATE', 'CLASS: SOLD+HELD+BLOCKED OF CAPACITY'],
      lines: runs.map((run) => [
        String(run.id),
        run.train,
        run.date,
        run.states.join(' '),
        run.classes
          .map((of) => `${of.class}: ${of.sold}+${of.held}+${of.blocked} of ${of.capacity}`)
          .join('  '),
      ]),
      json: { runs, states: found.states },
      nextPage: found.nextAfterRunId === 0n ? '' : String(found.nextAfterRunId),
    },
    options.json,
  )
}

function idOf(text: string, option: string): bigint {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${option} must be a number, not "${text}".`)
  return BigInt(text)
}
