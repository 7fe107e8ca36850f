/** For tests of payments: nodes over one state machine, and the real sandbox as a process. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import {
  applyEntry,
  type BookingState,
  type Command,
  createState,
  LATEST_FEATURE_LEVEL,
  type Reply,
} from '@quorail/booking-fsm'
import type { LeaderHint, NodeHost, Submission } from '../host/types.ts'
import type { PaymentLog } from './payment-log.ts'

export const secret = 'a secret of the tests'

/** A log of one, shared by nodes of which one leads. */
export class FakeCluster {
  readonly state: BookingState = createState()
  readonly #listeners = new Set<() => void>()
  /** Every command that was applied. */
  readonly applied: { readonly submission: Submission; readonly reply: Reply }[] = []
  leader: LeaderHint | undefined
  nowMs = 1_800_000_000_000
  #index = 0

  node(id: string, clientUrl = `http://${id}.invalid`): NodeHost & { dropOutcomes: boolean } {
    const cluster = this
    return {
      id,
      state: this.state,
      /** As if this node died between an effect and its outcome. */
      dropOutcomes: false,
      async submit(submission) {
        await new Promise((resolve) => setImmediate(resolve))
        if (cluster.leader?.id !== id) throw new Error('not the leader')
        if (this.dropOutcomes && submission.command.type === 'recordOutcome') {
          return new Promise(() => undefined)
        }
        return cluster.apply(submission)
      },
      submitWith(submission, done) {
        this.submit(submission).then((submitted) => done(undefined, submitted), done)
      },
      commandsUnderWay: 0,
      readAs: async () => undefined,
      settleRead: async () => undefined,
      isServingLeader: () => this.leader?.id === id,
      showsWhatIsTrue: () => this.leader?.id === id,
      divergence: () => undefined,
      hashCheckpoints: () => [],
      leader: () => this.leader,
      status: () => {
        throw new Error(`${clientUrl} has no status`)
      },
      nowMs: () => this.nowMs,
      onRows: () => () => undefined,
      onChange: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    }
  }

  lead(id: string | undefined, clientUrl = `http://${id}.invalid`): void {
    this.leader = id === undefined ? undefined : { id, clientUrl, term: 1 }
    for (const listener of [...this.#listeners]) listener()
  }

  apply(submission: Submission): { readonly reply: Reply; readonly index: number } {
    const entry = { ...submission, index: ++this.#index, timestampMs: this.nowMs }
    const { reply } = applyEntry(this.state, entry)
    this.applied.push({ submission, reply })
    for (const listener of [...this.#listeners]) listener()
    return { reply, index: this.#index }
  }

  run(command: Command, actor = 0): Reply {
    const { reply } = this.apply({ actor, key: undefined, command })
    if (reply.type === 'refused') throw new Error(`${command.type}: ${reply.code} ${reply.field}`)
    return reply
  }

  /** A founded cluster with one train tomorrow, one class, two seats, and a passenger. */
  found(): { readonly passenger: number; readonly runId: number } {
    const clusterId = '0123456789abcdef0123456789abcdef'
    this.run({
      type: 'foundCluster',
      clusterId,
      pnrKey: [1, 2, 3, 4],
      currency: 'EUR',
      holdMs: 600_000,
      paymentWindowMs: 120_000,
      featureLevel: LATEST_FEATURE_LEVEL,
    })
    const fare = { classCode: '2', baseMinor: 500, perThousandKilometresMinor: 100_000 }
    this.run({ type: 'setFareRule', validFromMs: 0, classes: [fare] })
    const bands = [{ untilBeforeDepartureMs: 0, refundBasisPoints: 5_000 }]
    this.run({ type: 'setRefundRule', validFromMs: 0, bands })
    const stations = ['A', 'B'].map((code) => ({
      ...{ code, name: code, aliases: [], searchTerms: [code.toLowerCase()] },
      ...{ latitudeE6: 0, longitudeE6: 0, timeZone: 'Europe/Berlin' },
    }))
    this.run({ type: 'putStations', importId: undefined, stations })
    const stops = stations.map(({ code }, i) => ({
      ...{ stationCode: code, arrivalSeconds: 3600 * i, departureSeconds: 3600 * i },
      ...{ distanceMetres: 100_000 * i, boarding: true, alighting: true },
    }))
    const coaches = [{ label: '1', classCode: '2', rows: 1, columns: 'AB' }]
    this.run({
      ...{ type: 'addTrain', importId: undefined, number: 'IC 1', name: '' },
      ...{ stops, coaches, calendar: undefined },
    })
    const runs = [{ serviceDate: 20270116, baseMs: this.nowMs + 86_400_000 }]
    const added = this.run({
      ...{ type: 'addRuns', importId: undefined, trainId: 0, trainNumber: 'IC 1', runs },
    })
    const registered = this.run({
      ...{ type: 'registerAccount', email: 'a@b.c', displayName: 'Ada' },
      ...{ passwordHash: 'x', role: 'passenger' },
    })
    if (added.type !== 'runsAdded' || registered.type !== 'accountRegistered') throw new Error()
    return { passenger: registered.accountId, runId: added.runIds[0] ?? 0 }
  }
}

export interface Sandbox {
  readonly url: string
  token(cardNumber: string): Promise<string>
  ledger(bookingId: number): Promise<Record<string, number> | undefined>
  kill(): Promise<void>
}

/** The real sandbox on a free port; with the same folder it goes on with the same data. */
export async function startSandbox(folder: string, flags: readonly string[]): Promise<Sandbox> {
  const secretFile = path.join(folder, 'secret')
  writeFileSync(secretFile, secret)
  const main = path.join(import.meta.dirname, '../../../payment-sandbox/src/main.ts')
  const given = ['--data', path.join(folder, 'data'), '--secret-file', secretFile]
  const port = flags.includes('--port') ? [] : ['--port', '0']
  const child = spawn(process.execPath, [main, ...given, ...port, ...flags], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  if (child.stdout === null) throw new Error('its output is a pipe')
  const lines = createInterface({ input: child.stdout })
  const first = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    void exited.then(() => reject(new Error('the sandbox ended before it was ready')))
  })
  const { address: url } = JSON.parse(first) as { readonly address: string }
  return {
    url,
    async token(number) {
      const card = { number, expiry: '12/39', cvc: '123', name: 'Ada' }
      const response = await fetch(`${url}/v1/tokens`, {
        method: 'POST',
        body: JSON.stringify(card),
      })
      return ((await response.json()) as { readonly token: string }).token
    },
    async ledger(bookingId) {
      const headers = { authorization: `Bearer ${secret}` }
      const response = await fetch(`${url}/v1/ledger`, { headers })
      const { references } = (await response.json()) as {
        readonly references: readonly Record<string, number & string>[]
      }
      return references.find(({ reference }) => reference === `booking-${bookingId}`)
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-payments-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Keeps what is logged, so that a test can look for what must not be there. */
export function memoryLog(): PaymentLog & { readonly lines: string[] } {
  const lines: string[] = []
  const write = (fields: object, message: string) => {
    lines.push(`${message} ${JSON.stringify(fields)}`)
  }
  return { lines, info: write, warn: write, error: write }
}
