/** Commands by which operators change the cluster: their options, and a client that is logged in. */
import { type Client, createClient } from '@connectrpc/connect'
import { MembershipService } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { credentialsOf } from './admin/context.ts'
import { exitCodes } from './exit-codes.ts'
import { failureText } from './failure-text.ts'
import { findNodes, type KnownNode } from './find-nodes.ts'
import { parseWords } from './parse-words.ts'
import { staffTransport } from './staff-transport.ts'
import { UsageError } from './usage-error.ts'

export type OperatorOptions = ReturnType<typeof parseOperator>['values']

export interface Operator {
  readonly membership: Client<typeof MembershipService>
  /** Of one node alone, for what only it can do. */
  readonly at: (node: KnownNode) => Client<typeof MembershipService>
  readonly nodes: readonly KnownNode[]
  readonly options: OperatorOptions
  /** Until when this command waits. */
  readonly endsAtMs: number
}

export const operatorOptionsHelp = `  --cluster LIST   nodes, as for serve (default: those of npm start); who was added since is found by them
  --ca FILE        who signs the nodes' certificates, if not a public authority (or QUORAIL_CA)
  --within SECONDS how long to wait until it is done (120)
  --json           prints JSON

How it logs in, the first that is there: QUORAIL_TOKEN; --email-as EMAIL with QUORAIL_PASSWORD (and QUORAIL_CODE);
--login FILE; --data DIR, the demo's operator in this folder (.quorail). The account must be an operator's.`

export function parseOperator(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      within: { type: 'string', default: '120' },
      'even-without-quorum': { type: 'boolean', default: false },
      'email-as': { type: 'string' },
      login: { type: 'string' },
      data: { type: 'string', default: '.quorail' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}

export async function openOperator(options: OperatorOptions): Promise<Operator> {
  const within = Number(options.within)
  if (!Number.isInteger(within) || within < 1)
    throw new UsageError('--within must be a whole number of seconds above 0.')
  const credentials = credentialsOf(options, 'operator')
  const nodes = await findNodes(options.cluster)
  const endpoints = nodes.map(({ clientUrl }) => clientUrl)
  // One session, wherever it is used: logging in needs the leader.
  const transport = staffTransport(endpoints, credentials)
  return {
    membership: createClient(MembershipService, transport),
    at: ({ clientUrl }) =>
      createClient(MembershipService, staffTransport([clientUrl], credentials, endpoints)),
    nodes,
    options,
    endsAtMs: Date.now() + within * 1_000,
  }
}

/** A refusal as a sentence, and the exit code. */
export async function asOperator(
  options: OperatorOptions,
  run: (operator: Operator) => Promise<number>,
): Promise<number> {
  try {
    return await run(await openOperator(options))
  } catch (error) {
    if (error instanceof UsageError) throw error
    process.stderr.write(`${failureText(error)}\n`)
    return exitCodes.failed
  }
}

/** What happens meanwhile, for whoever looks on; each line once. */
export function teller(): (line: string) => void {
  let last = ''
  return (line) => {
    if (line !== last) process.stderr.write(`${line}\n`)
    last = line
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
