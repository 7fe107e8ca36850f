import { localAddress } from '../product/commands.ts'
import type { PortPlan } from '../product/ports.ts'
import type { NodeStatus } from '../product/status.ts'
import { table } from '../product/table.ts'
import type { DataFolder } from './data-folder.ts'
import { searchToTry, type TestCard } from './demo.ts'

export interface RunningProduct {
  readonly ports: PortPlan
  readonly data: DataFolder
  readonly logFolder: string
  readonly nodes: readonly NodeStatus[]
  readonly cards: readonly TestCard[]
}

/** All a person needs to begin, on one screen. */
export function runningReport({ ports, data, logFolder, nodes, cards }: RunningProduct): string {
  const web = localAddress(ports.web)
  const { staff, passenger, operator } = data.logins
  const leader = nodes.find(({ role }) => role === 'leader')
  const rows = [
    ['node', 'address', 'pid', 'role'],
    ...nodes.map(({ id, address, pid, role }) => [id, address, String(pid ?? '–'), role]),
  ]
  const logins = [
    ['passenger', passenger.email, passenger.password],
    ['staff', staff.email, staff.password],
    ...(operator === undefined ? [] : [['operator', operator.email, operator.password]]),
  ]
  const parts = [
    '',
    `Quorail is running:  ${web}`,
    '',
    ...table(rows),
    '',
    `Logins${data.firstStart ? ' (made just now)' : ''}`,
    ...table(logins),
    '',
    'Test cards of the payment sandbox (any date to come, any code)',
    ...table(cards.map(({ number, title, description }) => [number, title, description])),
    '',
    'To try',
    ...table([
      ['a search', `${web}${searchToTry(new Date())}`],
      ['staff', `${web}/staff`],
      ['the cluster', `${web}/cluster`],
      ...(leader?.pid ? [['kill the leader', `kill -9 ${leader.pid}`]] : []),
    ]),
    '',
    `Data   ${data.folder}`,
    `Logs   ${logFolder}`,
    'Ctrl-C stops everything; the next start goes on with the same data.',
    '',
  ]
  return parts.join('\n')
}
