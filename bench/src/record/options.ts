/** The command line of `pnpm bench record`. Every mistake is a sentence. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryFolder } from '../../../tools/product/repository.ts'
import { UsageError } from '../options.ts'
import { inHours, minutesOf, type Order, ordersFor } from './orders.ts'

export const recordSummary = 'measures all of them, and writes figures, pictures and the page'

const nowhere = { folder: undefined, feed: undefined, etcd: undefined }
const [orders, fullOrders] = [ordersFor(nowhere, false), ordersFor(nowhere, true)]

export const recordHelp = `pnpm bench record: ${recordSummary}
  --only NAME,NAME  these, whether or not they are there already
  --resume yes      with --only: but not those that are there already, of this commit
  --full yes        failover and calm as often and as long as the design asks for it
  --feed PATH       the GTFS feed; without it what needs one (*) is left out
  --folder DIR      a folder on the disk to measure
  --etcd FILE       etcd's program, where it is not on the path
  --out DIR         the figures, as --json writes them (.reports/bench)
  --page FILE       the page (docs/reference/benchmarks.md); pictures go to ../pictures beside it
  --wait-minutes N  how long the machine may take to become quiet before each (5)
  --seconds N, --rounds N  for each of them, instead of its own

What was measured of this commit already is left as it is: stopped, it goes on where it was by the same command.
To measure in several sessions, name in each what it is to do: --only calm --full yes.

The names, and how long each takes on a quiet machine of two cores (with --full):
${orders.map(estimate).join('\n')}
  all of them       ${inHours(minutesOf(orders))} (${inHours(minutesOf(fullOrders))})`

function estimate({ name, minutes, needsFeed }: Order, at: number): string {
  const full = fullOrders[at]?.minutes ?? minutes
  const times = inHours(minutes) + (full === minutes ? '' : ` (${inHours(full)})`)
  return `  ${`${name}${needsFeed === true ? ' *' : ''}`.padEnd(17)} ${times}`
}

export interface RecordOptions {
  readonly orders: readonly Order[]
  /** In the order of the page, also those that are not measured now. */
  readonly allNames: readonly string[]
  readonly page: string
  readonly out: string
  readonly waitMinutes: number
  /** Also what is there already. */
  readonly again: boolean
  /** For each subject. */
  readonly pace: readonly string[]
}

const known = [
  ...[
    'only',
    'out',
    'page',
    'folder',
    'feed',
    'etcd',
    'full',
    'resume',
    'wait-minutes',
    'seconds',
    'rounds',
  ],
]
type Given = Readonly<Record<string, string | undefined>>

/** Throws `UsageError`. `say` hears what is left out. */
export function parseRecord(
  words: readonly string[],
  say: (line: string) => void = () => {},
): RecordOptions {
  const given = read(words)
  const file = (name: string): string | undefined => {
    const at = given[name]
    if (at !== undefined && !existsSync(at)) throw new UsageError(`--${name}: ${at} is not there.`)
    return at && path.resolve(at)
  }
  const waitMinutes = Number(given['wait-minutes'] ?? 5)
  if (!(waitMinutes >= 0 && waitMinutes <= 600))
    throw new UsageError('--wait-minutes is a number from 0 to 600.')
  for (const name of ['full', 'resume'])
    if (![undefined, 'yes', 'no'].includes(given[name]))
      throw new UsageError(`--${name} is yes or no.`)
  const places = { folder: file('folder'), feed: file('feed'), etcd: given.etcd }
  const all = ordersFor(places, given.full === 'yes')
  const picked = chosen(all, given)
  const left = picked.filter(({ needsFeed }) => needsFeed === true && given.feed === undefined)
  if (left.length > 0)
    say(`Left out without --feed PATH: ${left.map(({ name }) => name).join(', ')}`)
  return {
    orders: picked.filter((order) => !left.includes(order)),
    allNames: all.map(({ name }) => name),
    page: file('page') ?? path.join(repositoryFolder, 'docs/reference/benchmarks.md'),
    out: path.resolve(given.out ?? path.join(repositoryFolder, '.reports/bench')),
    waitMinutes,
    again: given.only !== undefined && given.resume !== 'yes',
    pace: ['seconds', 'rounds'].flatMap((name) => {
      const value = given[name]
      return value === undefined ? [] : [`--${name}`, value]
    }),
  }
}

function chosen(all: readonly Order[], { only, feed }: Given): readonly Order[] {
  if (only === undefined) return all
  return only.split(',').map((name) => {
    const order = all.find((one) => one.name === name)
    const names = all.map((one) => one.name).join(', ')
    if (order === undefined) throw new UsageError(`--only: "${name}" is none of ${names}.`)
    if (order.needsFeed === true && feed === undefined)
      throw new UsageError(`${name} needs --feed PATH.`)
    return order
  })
}

function read(words: readonly string[]): Given {
  const options = Object.fromEntries(known.map((name) => [name, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...words], options }).values as Given
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ', 1)[0] : String(error)
    throw new UsageError(`bench record: ${why}.\n\n${recordHelp}`)
  }
}
