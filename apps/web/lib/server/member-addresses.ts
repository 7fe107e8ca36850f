/** The cluster is asked again so often, when somebody asks for a page. */
const freshMs = 10_000
const answerWithinMs = 1_000
/** More members than a cluster has. */
const mostMembers = 64

type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * Addresses of nodes that came after this process was told of some. Nobody waits for them: a page has those that were
 * known when it was asked for, and asking for it has the next one know more.
 */
export class MemberAddresses {
  readonly #fetch: Fetch
  readonly #now: () => number
  #members: readonly string[] = []
  #askedAtMs = Number.NEGATIVE_INFINITY

  constructor(fetch: Fetch = globalThis.fetch, now: () => number = () => performance.now()) {
    this.#fetch = fetch
    this.#now = now
  }

  /** Those that were given, and members that came since. */
  with(given: readonly string[]): readonly string[] {
    const all = [...new Set([...given, ...this.#members])]
    if (this.#now() - this.#askedAtMs >= freshMs) {
      this.#askedAtMs = this.#now()
      // What a node that was given does not say, the next question may bring.
      this.ask(all).catch(() => undefined)
    }
    return all
  }

  /** Who belongs, as the node says that knows the latest change. Only nodes are asked that were given, or are members. */
  async ask(nodes: readonly string[]): Promise<void> {
    const answers = await Promise.all(nodes.map((node) => this.#ask(node)))
    const [newest] = answers
      .filter((answer) => answer !== undefined)
      .sort((a, b) => b.configIndex - a.configIndex)
    if (newest !== undefined) this.#members = newest.members
  }

  async #ask(node: string) {
    try {
      const response = await this.#fetch(`${node}/quorail.cluster.v1.ClusterService/GetStatus`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
        signal: AbortSignal.timeout(answerWithinMs),
      })
      return membersIn(await response.json())
    } catch {
      return undefined
    }
  }
}

function membersIn(answer: unknown) {
  const { status } = answer as {
    readonly status?: {
      readonly configIndex?: string
      readonly members?: readonly { readonly address?: string }[]
    }
  }
  const members = (status?.members ?? [])
    .map(({ address = '' }) => httpOrigin(address))
    .filter((address) => address !== undefined)
    .slice(0, mostMembers)
  return members.length === 0
    ? undefined
    : { configIndex: Number(status?.configIndex ?? 0), members }
}

/** Only an http(s) origin gets into the page and into its content security policy. */
export function httpOrigin(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : undefined
}
