import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { exitCodes } from './exit-codes.ts'
import { findNodes, type KnownNode } from './find-nodes.ts'
import { parseWords } from './parse-words.ts'
import { type NodeAnswer, traceText } from './trace-text.ts'
import { UsageError } from './usage-error.ts'

export const traceHelp = `quorail trace TRACE|INDEX [--cluster MEMBERS] [--json]

Where the time of a slow call went, on every node: TRACE is a trace's id (32 hexadecimal digits, from an error or from a line "slow
request"), INDEX a log index. Commands carry no trace through the log; a call and the nodes that keep it have its index in common.
Every node is asked when the entry was handed to its log, how long it took until it was durable there, and until it was applied.

  --cluster MEMBERS  as given to serve; members that came later are found
  --ca FILE          who signs the nodes' certificates, if not a public authority (or QUORAIL_CA)
  --json             one object per node: id, address, answers, calls, entries
  --timeout-ms N     how long to wait for each node (2000)

Nodes remember their latest 256 slow calls and 65,536 batches, and 1,024 batches more that were slow there (--slow-request-ms),
until they end.

Exit codes: 0 something is remembered; 1 nothing, or no node answers; 2 wrong arguments.`

export async function trace(words: readonly string[]): Promise<number> {
  const { values, positionals } = parse(words)
  if (values.help) {
    process.stdout.write(`${traceHelp}\n`)
    return exitCodes.done
  }
  const timeoutMs = Number(values['timeout-ms'])
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1)
    throw new UsageError('--timeout-ms must be a whole number above 0.')
  const [what = '', ...rest] = positionals
  const isTrace = /^[0-9a-f]{32}$/.test(what)
  if (rest.length > 0 || !(isTrace || /^[1-9]\d{0,14}$/.test(what)))
    throw new UsageError('It looks like: quorail trace TRACE|INDEX')
  const nodes = await findNodes(values.cluster)
  const answers = await askAll(nodes, isTrace ? what : '', isTrace ? [] : [Number(what)], timeoutMs)
  const output = values.json ? JSON.stringify(answers, null, 2) : traceText(answers).join('\n')
  process.stdout.write(`${output}\n`)
  const isKnown = answers.some(({ calls, entries }) => calls.length + entries.length > 0)
  return isKnown ? exitCodes.done : exitCodes.failed
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      json: { type: 'boolean', default: false },
      'timeout-ms': { type: 'string', default: '2000' },
      help: { type: 'boolean', default: false },
    },
  })
}

/** First who had calls of the trace; then everybody about the entries of those calls. */
async function askAll(
  nodes: readonly KnownNode[],
  traceId: string,
  given: readonly number[],
  timeoutMs: number,
): Promise<readonly NodeAnswer[]> {
  const answers = await Promise.all(
    nodes.map(async (node): Promise<NodeAnswer> => {
      const told = traceId === '' ? undefined : await ask(node, { traceId }, timeoutMs)
      const answers = traceId === '' || told !== undefined
      return {
        id: node.id,
        address: node.clientUrl,
        answers,
        calls: told?.calls ?? [],
        entries: [],
      }
    }),
  )
  const called = answers.flatMap(({ calls }) => calls.map(({ index }) => index))
  const indexes = [...new Set([...given, ...called])].filter((index) => index > 0)
  return Promise.all(
    answers.map(async (answer): Promise<NodeAnswer> => {
      if (!answer.answers) return answer
      const node = { id: answer.id, clientUrl: answer.address }
      const told = await Promise.all(
        indexes.map((index) => ask(node, { index: BigInt(index) }, timeoutMs)),
      )
      const entries = told.flatMap((one, at) =>
        one?.entry === undefined ? [] : [{ index: indexes[at] ?? 0, ...one.entry }],
      )
      return { ...answer, answers: told.every((one) => one !== undefined), entries }
    }),
  )
}

interface Told {
  readonly calls: NodeAnswer['calls']
  readonly entry: Omit<NodeAnswer['entries'][number], 'index'> | undefined
}

/** Undefined: the node does not answer. */
async function ask(
  { clientUrl: baseUrl }: KnownNode,
  question: { readonly traceId?: string; readonly index?: bigint },
  timeoutMs: number,
): Promise<Told | undefined> {
  const transport = createConnectTransport({ baseUrl, httpVersion: '1.1' })
  try {
    const { calls, entry } = await createClient(ClusterService, transport).getTrace(question, {
      timeoutMs,
    })
    return {
      calls: calls.map(({ method, code, ms, stages, index, endedAt }) => ({
        method,
        code,
        ms,
        stages: Object.fromEntries(stages.map(({ name, ms }) => [name, ms])),
        index: Number(index),
        endedAt: isoTime(endedAt),
      })),
      entry: entry && {
        writtenAt: isoTime(entry.writtenAt),
        durableMs: entry.durableMs ?? null,
        appliedMs: entry.appliedMs ?? null,
      },
    }
  } catch {
    return undefined
  }
}

const isoTime = (time: { readonly seconds: bigint; readonly nanos: number } | undefined): string =>
  new Date(Number(time?.seconds ?? 0n) * 1_000 + Math.round((time?.nanos ?? 0) / 1e6)).toISOString()
