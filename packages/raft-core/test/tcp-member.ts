/**
 * One member of a cluster in a process of its own, with its log on disk and TCP between the members:
 * `node tcp-member.ts ID FOLDER PORT_OF_A PORT_OF_B PORT_OF_C`. Each line of its input is a command, or
 * `?` (read), or `close`; each line of its output is JSON.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Entry, RaftNode, type StateMachine } from '../src/index.ts'
import { openTcpTransport, systemClock } from '../src/tcp/index.ts'
import { nodeDisk, openWriteAheadLog } from '../src/wal/index.ts'

const [id = '', folder = '', ...ports] = process.argv.slice(2)
const clusterId = 'c1'.repeat(16)
const members = ['a', 'b', 'c']
const peers = Object.fromEntries(
  members.map((member, i) => [member, { host: '127.0.0.1', port: Number(ports[i]) }]),
)
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

class List implements StateMachine<number> {
  readonly appliedIndex = 0
  readonly lines: string[] = []

  apply(entries: readonly Entry[], done: (error: undefined, results: number[]) => void): void {
    done(
      undefined,
      entries.map(({ kind, data }) =>
        kind === 'command' ? this.lines.push(Buffer.from(data).toString()) : 0,
      ),
    )
  }
}

const machine = new List()
const incarnation = crypto.randomUUID().replaceAll('-', '')
const log = openWriteAheadLog({
  disk: nodeDisk(folder),
  founding: { genesis: { clusterId, members }, incarnation },
})
const listen = peers[id] as { host: string; port: number }
const transport = await openTcpTransport({ id, clusterId, listen, peers })
const node = await RaftNode.open({
  id,
  log,
  machine,
  transport,
  clock: systemClock,
  random: Math.random,
  observer: (event) => {
    if (event.type === 'leaderReady') say({ type: 'leads', id, term: event.term })
    if (event.type === 'failed') say({ type: 'failed', id, error: event.error.message })
  },
})
say({ type: 'open', id, found: node.status().lastIndex })

async function handle(line: string): Promise<void> {
  if (line === 'close') {
    await node.close({ handOver: true })
    await transport.close()
    say({ type: 'closed', id })
    process.stdin.destroy()
    return
  }
  try {
    if (line === '?') {
      await node.read()
      say({ type: 'read', id, lines: machine.lines })
    } else {
      const { result } = await node.propose(Buffer.from(line))
      say({ type: 'done', id, line, result })
    }
  } catch (error) {
    const { code } = error as { code?: string }
    say({ type: 'refused', id, line, code })
  }
}

createInterface({ input: process.stdin }).on('line', (line) => void handle(line))
