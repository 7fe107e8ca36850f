import { parseArgs } from 'node:util'

export const faultKinds = ['kill', 'pause', 'partition', 'power', 'disk', 'snapshot'] as const

export type FaultKind = (typeof faultKinds)[number]

export interface ChaosOptions {
  readonly faults: readonly FaultKind[]
  /** Of each kind. */
  readonly rounds: Readonly<Record<FaultKind, number>>
  readonly seed: number
  readonly out: string | undefined
  readonly json: boolean
  readonly control: boolean
  readonly tls: boolean
}

export class UsageError extends Error {}

export const help = `pnpm chaos [options]

Faults on a cluster of three real processes while 20 clients buy; then the whole history is judged.

  --faults LIST   of ${faultKinds.join(', ')}, with commas between (all)
  --rounds N      faults of each kind (kill 45: that is 100 nodes, pause 4, partition 6,
                  power 25: that is 20 of all, disk 7, snapshot 10)
  --full          ten times as many
  --seed N        repeats the choices of a run (drawn and printed)
  --out DIR       writes history.jsonl, final.json and verdicts.json there
  --json          prints the verdicts as JSON
  --tls           TLS between the nodes, and between them and the clients
  --control       power cuts with syncs that do nothing: this must be seen to lose bookings

Exit codes: 0 nothing was lost or wrong (with --control: the loss was seen); 1 something was (or was not);
2 wrong arguments; 3 the run proves nothing: no real disk, a fault that did not happen, too little
traffic, or a history that can not be decided.`

const usual: Readonly<Record<FaultKind, number>> = {
  kill: 45,
  pause: 4,
  partition: 6,
  power: 25,
  disk: 7,
  snapshot: 10,
}

export function parseOptions(words: readonly string[]): ChaosOptions | 'help' {
  const values = read(words)
  if (values.help === true) return 'help'
  const names = values.faults?.split(',') ?? faultKinds
  const faults = names.map((name) => {
    const kind = faultKinds.find((known) => known === name)
    if (kind === undefined) throw new UsageError(`--faults: there is no "${name}".\n\n${help}`)
    return kind
  })
  const control = values.control === true
  const given = values.rounds === undefined ? undefined : wholeNumber('rounds', values.rounds)
  const factor = values.full === true ? 10 : 1
  const rounds = Object.fromEntries(
    faultKinds.map((kind) => [kind, given ?? usual[kind] * factor]),
  ) as Record<FaultKind, number>
  return {
    faults: control ? ['power'] : faults,
    rounds,
    seed: values.seed === undefined ? drawn() : wholeNumber('seed', values.seed),
    out: values.out,
    json: values.json === true,
    control,
    tls: values.tls === true,
  }
}

const drawn = (): number => 1 + Math.floor(Math.random() * 2 ** 31)

function read(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        faults: { type: 'string' },
        rounds: { type: 'string' },
        full: { type: 'boolean' },
        seed: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
        control: { type: 'boolean' },
        tls: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${help}`)
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UsageError(`--${name} is a whole number above 0, not "${text}".`)
}
