/**
 * The tests of this folder say what Raft's own texts say, section by section and rule by rule: read
 * their names first to learn the rules, then the code that keeps them.
 *
 * This is the table with cores on it (../core-cluster.ts), and cables between them to pull out.
 */
import type { CoreOptions } from '../../src/core/index.ts'
import type { Message, NodeId } from '../../src/types.ts'
import { CoreCluster, commands } from '../core-cluster.ts'

export class Network extends CoreCluster {
  readonly #cut = new Set<string>()
  readonly #dropped = new Set<Message['type']>()

  constructor(size = 3, options: Partial<CoreOptions> = {}) {
    super(size, options)
    this.filter = ({ from, to, type }) =>
      !this.#cut.has(`${from}-${to}`) && !this.#dropped.has(type)
  }

  /** Messages of these types are lost. */
  drop(...types: readonly Message['type'][]): void {
    for (const type of types) this.#dropped.add(type)
  }

  /** Nothing passes between two nodes, either way. */
  cut(one: NodeId, other: NodeId): void {
    this.#cut.add(`${one}-${other}`).add(`${other}-${one}`)
  }

  /** These nodes hear only each other. */
  isolate(...ids: readonly NodeId[]): void {
    for (const id of ids)
      for (const other of this.hosts.keys()) if (!ids.includes(other)) this.cut(id, other)
  }

  /** The network is whole again. What was lost stays lost. */
  recover(): void {
    this.#cut.clear()
    this.#dropped.clear()
  }

  /** Proposes and lets all that follows happen. */
  commit(id: NodeId, ...list: readonly string[]): void {
    this.propose(id, ...list)
    this.deliver()
  }

  /** The commands that a node's state machine has seen. */
  applied(id: NodeId): readonly string[] {
    return commands(this.host(id).applied)
  }

  status(id: NodeId) {
    return this.host(id).core.status()
  }

  /** Who leads, each in the term it believes in. */
  leaders(): readonly { readonly id: NodeId; readonly term: number }[] {
    return [...this.hosts.keys()]
      .map((id) => this.status(id))
      .filter(({ role }) => role === 'leader')
      .map(({ id, term }) => ({ id, term }))
  }
}
