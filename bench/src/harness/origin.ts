/** Where figures come from, in words: on pictures and pages. */
import type { Report } from './report.ts'

type Origin = Pick<Report, 'startedAt' | 'commit' | 'machine' | 'command'>

export function dateOf({ startedAt }: Pick<Report, 'startedAt'>): string {
  const date = new Date(startedAt)
  const month = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' })
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`
}

export function commitOf({ commit }: Pick<Report, 'commit'>): string {
  const at = commit.hash === undefined ? 'no commit' : `commit ${commit.hash.slice(0, 8)}`
  return commit.modified ? `${at} with changes` : at
}

export function machineOf({ machine }: Pick<Report, 'machine'>): string {
  const memory = `${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB`
  return `${machine.cores} cores (${machine.processor}), ${memory}, ${machine.system}, Node ${machine.node}`
}

export const loadOf = ({ machine }: Pick<Report, 'machine'>): string =>
  `load ${machine.loadAtStart.toFixed(2)} when it began`

/** Two lines. */
export const originOf = (report: Origin): readonly string[] => [
  `${dateOf(report)}, ${commitOf(report)}; ${loadOf(report)}`,
  machineOf(report),
]

/** The command as anybody would type it: folders and files are their own. */
export function commandFor({ command }: Pick<Report, 'command'>): string {
  const known: Readonly<Record<string, string>> = { folder: 'DIR', profile: 'DIR', feed: 'FEED' }
  const others: Readonly<Record<string, string>> = { etcd: 'FILE', source: 'DIR', against: 'DIR' }
  return command.replace(/--(\w+)[ =]([^-\s]\S*)/g, (all, name: string) => {
    const place = { ...known, ...others }[name]
    return place === undefined ? all : `--${name} ${place}`
  })
}
