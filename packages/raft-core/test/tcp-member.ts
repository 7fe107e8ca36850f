/**
 * One member of a cluster in a process of its own, with its log on disk and TCP between the members:
 * `node tcp-member.ts ID FOLDER PORT_OF_A PORT_OF_B PORT_OF_C PORT_OF_D`. The founders are a, b and c; d
 * waits to be added. Each line of its input is a command, or `?` (read), `+d` (add it), `-a` (remove
 * it), `!` (who votes), or `close`; each line of its output is JSON.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { decodeMembershipChange } from '../src/core/index.ts'
import { type Entry, RaftNode, type StateMachine } from '../src/index.ts'
import { type Address, openTcpTransport, systemClock } from '../src/tcp/index.ts'
import { nodeDisk, openSnapshotStore, openWriteAheadLog } from '../src/wal/index.ts'

const [id = '', folder = '', ...ports] = process.argv.slice(2)
const clusterId = 'c1'.repeat(16)
const founders = ['a', 'b', 'c']
const addressAt = (i: number): Address => ({ host: '127.0.0.1', port: Number(ports[i]) })
const peers = Object.fromEntries(founders.map((member, i) => [member, addressAt(i)]))
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value))
const decode = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString())

type Machine = Required<StateMachine<number>>

/** Its lines, and where the members listen that were added: a change of the membership carries that. */
class List implements StateMachine<number> {
  appliedIndex = 0
  lines: string[] = []
  addresses: Record<string, Address> = {}

  apply: Machine['apply'] = (entries, done) => {
    this.appliedIndex += entries.length
    done(
      undefined,
      entries.map((entry) => this.#applyOne(entry)),
    )
  }

  #applyOne({ kind, data }: Entry): number {
    if (kind === 'command') return this.lines.push(Buffer.from(data).toString())
    const { context } = kind === 'config' ? decodeMembershipChange(data) : { context: [] }
    if (context.length > 0) Object.assign(this.addresses, decode(Buffer.from(context)))
    return 0
  }

  capture: Machine['capture'] = (done) => {
    const pieces = [encode([this.lines, this.addresses])]
    done(undefined, { next: (piece) => piece(undefined, pieces.shift()), release: () => {} })
  }

  restore: Machine['restore'] = ({ index }, bytes, done) => {
    bytes.read(0, bytes.sizeBytes, (error, all) => {
      if (error !== undefined) return done(error)
      this.appliedIndex = index
      ;[this.lines, this.addresses] = decode(all)
      done(undefined)
    })
  }
}

const machine = new List()
const disk = nodeDisk(folder)
const incarnation = crypto.randomUUID().replaceAll('-', '')
const genesis = founders.includes(id) ? { clusterId, members: founders } : undefined
const listen = peers[id] ?? addressAt(3)
const addressOf = (other: string) => machine.addresses[other]
const transport = await openTcpTransport({ id, clusterId, listen, peers, addressOf })
const node = await RaftNode.open({
  id,
  log: openWriteAheadLog({ disk, founding: { genesis, incarnation } }),
  snapshots: openSnapshotStore({ disk }),
  machine,
  transport,
  clock: systemClock,
  random: Math.random,
  config: { snapshotEveryEntries: 20, retainEntries: 5 },
  observer: (event) => {
    if (event.type === 'leaderReady') say({ type: 'leads', id, term: event.term })
    if (event.type === 'snapshotInstalled') say({ type: 'installed', id, index: event.index })
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
  if (line === '!') {
    say({ type: 'voters', id, lines: node.status().membership.voters })
    return
  }
  try {
    if (line === '?') {
      await node.read()
      say({ type: 'read', id, lines: machine.lines })
    } else if (/^[+-][a-d]$/.test(line)) {
      const other = line.slice(1)
      const added = { promote: [other], context: encode({ [other]: addressAt(3) }) }
      await node.changeMembership(line.startsWith('+') ? added : { remove: [other] })
      say({ type: 'done', id, line })
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
