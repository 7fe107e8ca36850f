/**
 * The world of an interaction file: nodes, the messages between them, and the commands of etcd's
 * `rafttest`. What a command prints is what etcd's prints, without the lines of its logger.
 */
import {
  CommandError,
  plainNumber,
  plainNumbers,
  requiredNumber,
  singleValue,
  valuesOf,
  wholeNumber,
  yesOrNo,
} from '../arguments.ts'
import { type Command, parseCommand, type Step } from '../datadriven.ts'
import { membershipText, parseChanges } from '../membership-text.ts'
import { nameOf } from '../names.ts'
import type { Input, Membership, MembershipChange } from '../raft-core.ts'
import { describeEntry, describeMessage, describeReady, V1_CONTEXT } from './describe.ts'
import { Network } from './network.ts'
import { ScenarioNode } from './node.ts'
import { Printer } from './printer.ts'
import * as raw from './raw-node.ts'
import { ELECTION_TICKS, HEARTBEAT_TICKS, readSettings } from './settings.ts'
import { describeProgress } from './status-text.ts'
import { MESSAGE_TYPES, type MessageType, type WireMessage, wire } from './wire.ts'

/** A node said that this membership is in force from now on: etcd's logger tells so, too. */
export interface MembershipNews {
  readonly node: number
  readonly text: string
}

/** Beyond any scenario: whatever goes on for so long goes on for ever. */
const MOST_ROUNDS = 1000

const TRANSITIONS = { auto: 'auto', implicit: 'jointImplicit', explicit: 'jointExplicit' } as const

export class Environment {
  readonly #nodes: ScenarioNode[] = []
  readonly #network = new Network()
  readonly #printer = new Printer()
  #news: MembershipNews[] = []

  readonly #handlers: Readonly<Record<string, (command: Command) => void>> = {
    _breakpoint: () => {},
    'add-nodes': (command) => this.#addNodes(command),
    campaign: (command) => this.#input(command, { type: 'campaign' }),
    compact: (command) => this.#compact(command),
    'deliver-msgs': (command) => this.#deliverMessages(command),
    'forget-leader': (command) => this.#input(command, { type: 'forgetLeader' }),
    'log-level': (command) => this.#printer.setLevel(command.args[0]?.key ?? ''),
    'process-append-thread': (command) =>
      this.#forEach(command, 'processing append thread', (node) => this.#append(node)),
    'process-apply-thread': (command) =>
      this.#forEach(command, 'processing apply thread', (node) => this.#apply(node)),
    'process-ready': (command) =>
      this.#forEach(command, 'handling Ready', (node) => this.#processReady(node)),
    propose: (command) => this.#propose(command),
    'raft-log': (command) => this.#printLog(this.#named(command)),
    'raft-state': () => this.#printStates(),
    'report-unreachable': (command) => this.#reportUnreachable(command),
    'send-snapshot': (command) => this.#sendSnapshot(command),
    'set-randomized-election-timeout': (command) =>
      this.#named(command).setElectionTimeout(requiredNumber(command, 'timeout')),
    stabilize: (command) => this.#stabilizeAt(command),
    status: (command) => this.#print(describeProgress(this.#named(command))),
    tick: (command) => this.#tick(command, plainNumber(command, 1)),
    'tick-election': (command) => this.#tick(command, ELECTION_TICKS),
    'tick-heartbeat': (command) => this.#tick(command, HEARTBEAT_TICKS),
    'transfer-leadership': (command) => this.#transfer(command),
  }

  /** Lines that the last command printed. */
  get output(): readonly string[] {
    return this.#printer.lines
  }

  /** What the last command changed, on every node. */
  get news(): readonly MembershipNews[] {
    return this.#news
  }

  /** Would etcd's logger have told of a membership during the last command? */
  get tellsNews(): boolean {
    return this.#printer.tellsInfo
  }

  run(step: Step): void {
    this.#printer.begin()
    this.#news = []
    this.#attempt(() => {
      if (step.name === 'propose-conf-change') this.#proposeChange(step)
      else this.#runOne(step)
    })
    if (step.name === 'propose-conf-change') return
    // More commands may stand in the lines behind the first one.
    for (const line of step.input) {
      this.#attempt(() => this.#runOne(parseCommand(line, step.line)))
    }
  }

  #attempt(run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.#printer.printAlways(error.message)
    }
  }

  #runOne(command: Command): void {
    const handler = this.#handlers[command.name]
    if (handler === undefined) throw new CommandError('unknown command')
    handler(command)
  }

  #addNodes(command: Command): void {
    const count = plainNumber(command, 0)
    const settings = readSettings(command)
    for (let i = 0; i < count; i++) {
      const id = this.#nodes.length + 1
      const tell = (node: number, membership: Membership) =>
        this.#news.push({ node, text: membershipText(membership) })
      this.#nodes.push(new ScenarioNode(id, settings, tell))
    }
  }

  #compact(command: Command): void {
    const node = this.#named(command)
    const index = plainNumber(command, 1)
    if (index < node.storage.firstIndex) {
      throw new CommandError('requested index is unavailable due to compaction')
    }
    node.compact(index)
    this.#printLog(node)
  }

  #deliverMessages(command: Command): void {
    const types = valuesOf(command, 'type')
    const type = types.at(-1) as MessageType | undefined
    if (type !== undefined && !MESSAGE_TYPES.includes(type)) {
      throw new CommandError(`unknown message type ${type}`)
    }
    const drop = valuesOf(command, 'drop').map(wholeNumber)
    const deliver = plainNumbers(command)
    const both = drop.find((id) => deliver.includes(id))
    if (both !== undefined) throw new CommandError(`can't both deliver and drop msgs to ${both}`)
    let count = 0
    for (const id of deliver) count += this.#deliver(id, type)
    for (const id of drop) {
      const dropped = this.#network.take(id, type, true)
      count += dropped.length
      for (const message of dropped) {
        const [first = '', ...rest] = describeMessage(message)
        this.#print([`dropped: ${first}`, ...rest])
      }
    }
    if (count === 0) this.#print(['no messages'])
  }

  #deliver(id: number, type: MessageType | undefined): number {
    const messages = this.#network.take(id, type, false)
    for (const message of messages) {
      this.#print(describeMessage(message))
      const problem = raw.receive(this.#node(id), message)
      if (problem !== undefined) this.#print([problem])
    }
    return messages.length
  }

  #processReady(node: ScenarioNode): void {
    const ready = node.takeReady()
    this.#print(describeReady(ready))
    if (!node.isAsync) {
      node.persist(ready)
      node.apply(ready)
    }
    this.#network.add(ready.messages.filter(({ to }) => typeof to === 'number'))
    if (!node.isAsync) node.advance(ready)
  }

  #append(node: ScenarioNode): void {
    const work = node.appendWork.shift()
    if (work === undefined) {
      this.#print(['no append work to perform'])
      return
    }
    node.persist(work.ready)
    this.#printWork(work.message)
    node.appended(work)
  }

  #apply(node: ScenarioNode): void {
    const work = node.applyWork.shift()
    if (work === undefined) {
      this.#print(['no apply work to perform'])
      return
    }
    this.#printWork(work.message)
    node.apply(work.ready)
  }

  #printWork(message: WireMessage): void {
    const responses = message.responses
    this.#print(['Processing:', ...describeMessage({ ...message, responses: [] }), 'Responses:'])
    for (const response of responses) this.#print(describeMessage(response))
    this.#network.add(responses)
  }

  #printLog(node: ScenarioNode): void {
    const { entries, firstIndex, lastIndex } = node.storage
    if (entries.length > 0) this.#print(entries.map(describeEntry))
    else this.#print([`log is empty: first index=${firstIndex}, last index=${lastIndex}`])
  }

  #printStates(): void {
    for (const node of this.#nodes) {
      const { id, roleName, leader, status } = node
      const voter = node.isVoter ? '(Voter)' : '(Non-Voter)'
      this.#print([`${id}: ${roleName} ${voter} Term:${status.term} Lead:${leader}`])
    }
  }

  #stabilizeAt(command: Command): void {
    const level = singleValue(command, 'log-level')
    const ids = plainNumbers(command)
    const nodes = ids.length === 0 ? [...this.#nodes] : ids.map((id) => this.#node(id))
    this.#printer.atLevel(level, () => {
      for (let round = 0; this.#stabilizeOnce(nodes); round++) {
        if (round === MOST_ROUNDS) throw new CommandError('it does not come to rest')
      }
    })
  }

  /** Returns whether there was anything to do. */
  #stabilizeOnce(nodes: readonly ScenarioNode[]): boolean {
    let wasBusy = false
    const doAll = (
      what: string,
      isDue: (node: ScenarioNode) => boolean,
      run: (node: ScenarioNode) => void,
    ) => {
      for (const node of nodes) {
        if (!isDue(node)) continue
        wasBusy = true
        this.#headed(node, what, () => run(node))
      }
    }
    doAll(
      'handling Ready',
      (node) => node.hasReady,
      (node) => this.#processReady(node),
    )
    doAll(
      'receiving messages',
      (node) => this.#network.hasFor(node.id),
      (node) => this.#deliver(node.id, undefined),
    )
    doAll(
      'processing append thread',
      (node) => node.appendWork.length > 0,
      (node) => {
        while (node.appendWork.length > 0) this.#append(node)
      },
    )
    doAll(
      'processing apply thread',
      (node) => node.applyWork.length > 0,
      (node) => {
        while (node.applyWork.length > 0) this.#apply(node)
      },
    )
    return wasBusy
  }

  #tick(command: Command, ticks: number): void {
    const node = this.#named(command)
    for (let i = 0; i < ticks; i++) node.tick()
  }

  #transfer(command: Command): void {
    const from = this.#node(requiredNumber(command, 'from'))
    const to = this.#node(requiredNumber(command, 'to'))
    raw.transfer(from, to.id)
  }

  #sendSnapshot(command: Command): void {
    const from = this.#node(plainNumber(command, 0))
    const to = plainNumber(command, 1)
    const { term } = from.status
    const mark = from.snapshot
    const header = { from: nameOf(from.id), to: nameOf(to), term }
    const ours = { type: 'installSnapshot', ...header, mark, genesis: from.genesis } as const
    const message = wire({ type: 'MsgSnap', from: from.id, to, term, snapshot: mark, ours })
    this.#network.add([message])
    this.#print(describeMessage(message))
  }

  #propose(command: Command): void {
    const node = this.#node(wholeNumber(command.args[0]?.key ?? ''))
    const data = new TextEncoder().encode(command.args[1]?.key ?? '')
    const problem = raw.propose(node, { command: data })
    if (problem !== undefined) throw new CommandError(problem)
  }

  #proposeChange(step: Step): void {
    const node = this.#node(plainNumber(step, 0))
    const isV1 = yesOrNo(singleValue(step, 'v1') ?? 'false')
    const how = singleValue(step, 'transition') ?? 'auto'
    const unknown = step.args.find(
      ({ key, values }) => values.length > 0 && !['v1', 'transition'].includes(key),
    )
    if (unknown !== undefined) throw new CommandError(`unknown command ${unknown.key}`)
    if (!(how in TRANSITIONS)) throw new CommandError(`unknown transition ${how}`)
    const transition = TRANSITIONS[how as keyof typeof TRANSITIONS]
    const changes = parseChanges(step.input)
    if (isV1 && (changes.length !== 1 || transition !== 'auto')) {
      throw new CommandError('v1 conf change can only have one operation and no transition')
    }
    const context = isV1 ? V1_CONTEXT : new Uint8Array()
    const change: MembershipChange = { changes, transition, context }
    const problem = raw.propose(node, raw.changeProposal(change))
    if (problem !== undefined) throw new CommandError(problem)
  }

  #reportUnreachable(command: Command): void {
    const ids = plainNumbers(command)
    if (ids.length !== 2) {
      throw new CommandError(
        'must specify exactly two node indexes: node on which to report, and reported node',
      )
    }
    const [on = 0, reported = 0] = ids
    this.#node(reported)
    this.#node(on).step({ type: 'unreachable', peer: nameOf(reported) })
  }

  /** Runs something on each node that is named; with a heading and indented, if these are several. */
  #forEach(command: Command, what: string, run: (node: ScenarioNode) => void): void {
    const ids = plainNumbers(command)
    for (const id of ids) {
      const node = this.#node(id)
      if (ids.length > 1) this.#headed(node, what, () => run(node))
      else run(node)
    }
  }

  #headed(node: ScenarioNode, what: string, run: () => void): void {
    this.#print([`> ${node.id} ${what}`])
    this.#printer.indented(run)
  }

  #input(command: Command, input: Input): void {
    this.#named(command).step(input)
  }

  /** The node that a command names first. */
  #named(command: Command): ScenarioNode {
    return this.#node(plainNumber(command, 0))
  }

  #node(id: number): ScenarioNode {
    const node = this.#nodes[id - 1]
    if (node === undefined) throw new CommandError(`there is no node ${id}`)
    return node
  }

  #print(lines: readonly string[]): void {
    this.#printer.print(lines)
  }
}
