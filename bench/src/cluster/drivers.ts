import { newRequestId } from '@quorail/cluster-client'
import { openStreamDriver, openUnaryDriver } from './railway-drivers.ts'
import { RawHttp2 } from './raw-http2.ts'
import { openSearch, type SearchTarget } from './search-driver.ts'

/** How calls go: many in a stream, each by itself, or so that its node takes it by Connect's handlers. */
export type Way = 'stream' | 'unary' | 'connect'

/** What a caller does. `hold`: holds a place; `sale`: holds, pays and waits for the confirmation. */
export type Work = 'hold' | 'sale' | 'rush' | 'mixed'

export interface Leg {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
}

/** Where a caller process sends its operations to, and how. */
export type Target =
  | {
      readonly kind: Way
      readonly endpoints: readonly string[]
      readonly leader: string
      readonly sessionToken: string
      readonly runs: number
      readonly work: Work
      /** Where cards become tokens; sales need it. */
      readonly paymentUrl: string
      /** Who signs the nodes' certificates, as PEM; undefined: they are reached without TLS. */
      readonly authority?: string | undefined
      /** What is held instead of any of 28 segments on any run. */
      readonly legs?: readonly Leg[]
    }
  | SearchTarget
  | { readonly kind: 'etcd'; readonly leader: string; readonly prefix: string }

/** Does one operation after another; any number of them at once. */
export interface Driver {
  start(done: (error: unknown) => void): void
  close(): Promise<void>
}

export function openDriver(target: Target): Promise<Driver> {
  if (target.kind === 'search') return openSearch(target)
  if (target.kind === 'etcd') return openEtcd(target.leader, target.prefix)
  return target.kind === 'stream' ? openStreamDriver(target) : openUnaryDriver(target)
}

export type Railway = Exclude<Target, { kind: 'etcd' } | SearchTarget>

let made = 0
/** Different in each caller process. */
const idPrefix = newRequestId().slice(0, 20)

/** `Txn`: puts a key if it was never made. gRPC with messages written by hand. */
async function openEtcd(leader: string, prefix: string): Promise<Driver> {
  const raw = await RawHttp2.open(leader, {
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': new URL(leader).host,
    ':path': '/etcdserverpb.KV/Txn',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const value = Buffer.alloc(100, 'v')
  return {
    start(done) {
      made += 1
      const key = Buffer.from(`${prefix}/${idPrefix}${made}`)
      const compare = Buffer.concat([Buffer.from([0x10, 1]), field(3, key), Buffer.from([0x28, 0])])
      const put = Buffer.concat([field(1, key), field(2, value)])
      raw.request(
        grpcMessage(Buffer.concat([field(1, compare), field(2, field(2, put))])),
        (error, body) =>
          // `succeeded` is field 2 of the answer.
          done(error ?? (body.includes(Buffer.from([0x10, 1])) ? undefined : new Error('not put'))),
      )
    },
    close: async () => raw.close(),
  }
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]

function grpcMessage(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
