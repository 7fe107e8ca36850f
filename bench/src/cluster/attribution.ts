/** Which stage of an operation the samples of a node's first thread belong to, by the source file of their function. */

/** In the order in which a hold passes them; then what is nobody's. */
export const cpuStages = [
  'HTTP/2, decode',
  'admission, validation',
  'propose, encode',
  'Raft',
  'log write',
  'replication out',
  'replication in',
  'apply',
  'reply',
  'rows to SQLite',
  'background',
  'GC, compiler',
  'event loop, kernel',
  'other',
] as const
export type CpuStage = (typeof cpuStages)[number]

/** What several stages use: a function there works for whoever called it. */
const theCallers = 'the caller’s'

/** The longest beginning counts. What a hold never enters is background. */
export const stageOfSource: readonly (readonly [
  beginning: string,
  stage: CpuStage | typeof theCallers,
])[] = [
  ['apps/node-server/src/', 'background'],
  ['apps/node-server/src/auth/', 'admission, validation'],
  ['apps/node-server/src/clients/', 'HTTP/2, decode'],
  ['apps/node-server/src/clients/connect-answer.ts', 'reply'],
  ['apps/node-server/src/errors/', 'reply'],
  ['apps/node-server/src/host/', 'background'],
  ['apps/node-server/src/host/booking-machine.ts', 'apply'],
  ['apps/node-server/src/host/command-gate.ts', 'propose, encode'],
  ['apps/node-server/src/host/latest-rows.ts', 'rows to SQLite'],
  ['apps/node-server/src/host/node-host.ts', 'propose, encode'],
  ['apps/node-server/src/host/row-bytes.ts', 'rows to SQLite'],
  ['apps/node-server/src/host/row-queue.ts', 'rows to SQLite'],
  ['apps/node-server/src/http/', 'HTTP/2, decode'],
  ['apps/node-server/src/mapping/', theCallers],
  ['apps/node-server/src/mapping/views.ts', 'reply'],
  ['apps/node-server/src/peers/', 'background'],
  ['apps/node-server/src/peers/client-frames.ts', 'replication out'],
  ['apps/node-server/src/peers/deliver-call.ts', 'replication out'],
  ['apps/node-server/src/peers/envelope.ts', theCallers],
  ['apps/node-server/src/peers/inbound-streams.ts', 'replication in'],
  ['apps/node-server/src/peers/outbox.ts', 'replication out'],
  ['apps/node-server/src/peers/peer-front.ts', 'replication in'],
  ['apps/node-server/src/peers/peer-lanes.ts', 'replication out'],
  ['apps/node-server/src/peers/peer-link.ts', 'replication out'],
  ['apps/node-server/src/peers/peer-links.ts', 'replication out'],
  ['apps/node-server/src/peers/peer-port.ts', 'replication in'],
  ['apps/node-server/src/peers/peer-service.ts', 'replication in'],
  ['apps/node-server/src/services/', 'admission, validation'],
  ['apps/node-server/src/services/booking-view.ts', 'reply'],
  ['apps/node-server/src/services/command-stream/', 'HTTP/2, decode'],
  ['apps/node-server/src/services/command-stream/result-frames.ts', 'reply'],
  ['apps/node-server/src/storage/', 'rows to SQLite'],
  ['apps/node-server/src/wire/', theCallers],
  ['packages/booking-fsm/src/', 'apply'],
  ['packages/cluster-client/src/', theCallers],
  ['packages/proto/src/', theCallers],
  ['packages/raft-core/src/', 'Raft'],
  ['packages/raft-core/src/codec/', theCallers],
  ['packages/raft-core/src/codec.ts', theCallers],
  ['packages/raft-core/src/core/following.ts', 'replication in'],
  ['packages/raft-core/src/core/proposing.ts', 'propose, encode'],
  ['packages/raft-core/src/core/replication.ts', 'replication out'],
  ['packages/raft-core/src/runtime/applying.ts', 'apply'],
  ['packages/raft-core/src/runtime/mail.ts', 'replication out'],
  ['packages/raft-core/src/runtime/peer-messages.ts', 'replication in'],
  ['packages/raft-core/src/runtime/proposals.ts', 'propose, encode'],
  ['packages/raft-core/src/wal/', 'log write'],
]

/** Of Node's own modules, where none of our functions called them. */
const stageOfNode: readonly (readonly [name: RegExp, stage: CpuStage])[] = [
  [/^node:(internal\/)?(fs|blob)/, 'log write'],
  [/^node:(internal\/)?(worker|per_context\/messageport)/, 'rows to SQLite'],
  [
    /^node:(_?http|net|tls|_tls|stream|events|buffer|internal\/(http|stream|tls|net|js_stream|buffer))/,
    'HTTP/2, decode',
  ],
  [
    /^node:(_?timers|internal\/(timers|process|async|event|util|perf|promise))/,
    'event loop, kernel',
  ],
]

const ofV8: Readonly<Record<string, CpuStage>> = {
  '(garbage collector)': 'GC, compiler',
  '(program)': 'event loop, kernel',
  '(root)': 'event loop, kernel',
}

/** One function as the inspector's profiler gives it, with the samples in which it was the innermost. */
export interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly hitCount?: number
  readonly children?: readonly number[]
}

export type StageShares = Readonly<Record<CpuStage, number>>

/**
 * Parts of all samples in which the thread worked; they sum up to 1, unless there is none. `asked`: clients ask this node; of
 * one that nobody asks, what Node does for HTTP/2 by itself is for the other nodes.
 */
export function sharesOf(profile: readonly ProfileNode[], asked = true): StageShares {
  const nodes = new Map(profile.map((node) => [node.id, node]))
  const parents = new Map(
    profile.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  )
  const hits = Object.fromEntries(cpuStages.map((stage) => [stage, 0])) as Record<CpuStage, number>
  let all = 0
  for (const { id, hitCount = 0, callFrame } of nodes.values()) {
    if (hitCount === 0 || callFrame.functionName === '(idle)') continue
    const stack: ProfileNode[] = []
    for (let node = nodes.get(id); node !== undefined; node = parents.get(node.id)) stack.push(node)
    const stage = stageOfStack(stack)
    hits[!asked && stage === 'HTTP/2, decode' ? 'replication in' : stage] += hitCount
    all += hitCount
  }
  for (const stage of cpuStages) hits[stage] /= Math.max(1, all)
  return hits
}

/** The innermost function that has a stage; libraries and what V8 has built in work for whoever called them. */
function stageOfStack(stack: readonly ProfileNode[]): CpuStage {
  const [innermost] = stack
  const special = ofV8[innermost?.callFrame.functionName ?? '']
  if (special !== undefined && innermost?.callFrame.url === '') return special
  for (const { callFrame } of stack) {
    const stage = sourceStage(callFrame.url)
    if (stage !== undefined && stage !== theCallers) return stage
  }
  for (const { callFrame } of stack) {
    const stage = stageOfNode.find(([name]) => name.test(callFrame.url))?.[1]
    if (stage !== undefined) return stage
  }
  return 'other'
}

const known = new Map<string, CpuStage | typeof theCallers | undefined>()

/** Undefined: not ours, or without a line in the table. What is built stands for its source. */
export function sourceStage(url: string): CpuStage | typeof theCallers | undefined {
  if (!known.has(url)) known.set(url, lookUp(url))
  return known.get(url)
}

function lookUp(url: string): CpuStage | typeof theCallers | undefined {
  const source = url.replace(/\/dist\/(.*)\.js$/, '/src/$1.ts')
  if (source.includes('/node_modules/')) return undefined
  const [longest] = stageOfSource
    .filter(([beginning]) => source.includes(`/${beginning}`))
    .sort(([a], [b]) => b.length - a.length)
  return longest?.[1]
}
