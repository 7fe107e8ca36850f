import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Child, type ChildExit, type ChildSpec, startChild } from '../product/child.ts'
import {
  clusterArgument,
  joiningNode,
  llmGateway,
  localAddress,
  nodeAddress,
  nodeServer,
  type Product,
  paymentSandbox,
  webApp,
} from '../product/commands.ts'
import { repositoryFolder } from '../product/repository.ts'
import { clusterStatus, type NodeStatus, waitForLeader } from '../product/status.ts'
import { type DataFolder, type DemoLogins, openDataFolder } from '../start/data-folder.ts'
import { type PortBlock, reservePortBlock } from './port-block.ts'
import type { ProxyMesh } from './proxy-mesh.ts'

export interface TestClusterOptions {
  readonly nodeCount?: number
  /** The demo timetable and two accounts, as in `npm start`. Default: yes. */
  readonly demo?: boolean
  /** TLS between the nodes and on their client ports, by `quorail certs`. Default: plain text. */
  readonly certificates?: boolean
  /** Default: only nodes and payment sandbox. */
  readonly web?: boolean
  readonly gateway?: boolean
  /** A server that speaks llama.cpp's protocol; the gateway is started with it. */
  readonly llamaUrl?: string
  /** Added to the environment of each node. */
  readonly nodeEnvironment?: Readonly<Record<string, string>>
  /** The same for one node, by its name. */
  readonly environmentOf?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Added to each node's command line. */
  readonly nodeArguments?: readonly string[]
  /** Added to the payment sandbox's command line: --slow-ms, --hold-after-charge-ms. */
  readonly paymentArguments?: readonly string[]
  readonly readyWithinMilliseconds?: number
  /** The nodes reach each other through it only; it is closed with the cluster. */
  readonly mesh?: ProxyMesh
  /** Each node says what it counts: `metricsAddress`. */
  readonly metrics?: boolean
  /** Before anything is started, e.g. to put data into `dataFolder(name)`. */
  readonly prepare?: (cluster: TestCluster) => Promise<void>
}

const meshedClusterId = '0c5eed0c5eed0c5eed0c5eed0c5eed00'

/**
 * A whole installation in processes of its own, on ports of its own, in a folder that goes when it goes:
 *
 *   await using cluster = await TestCluster.start({ web: true })
 *   const leader = await cluster.leader()
 *   await cluster.kill(leader.id)
 *   await cluster.start(leader.id)          // on its own ports, with its own data
 *
 * QUORAIL_KEEP=1 keeps the folder and says where it is.
 */
export class TestCluster {
  readonly folder: string
  readonly logins: DemoLogins
  readonly cluster: string
  readonly #block: PortBlock
  /** Of nodes that came later. */
  readonly #moreBlocks: PortBlock[] = []
  readonly #product: Product
  readonly #options: TestClusterOptions
  readonly #specs = new Map<string, ChildSpec>()
  readonly #children = new Map<string, Child>()
  readonly #data: DataFolder
  readonly #readyWithin: number
  readonly #removeAtExit = () => this.#remove()

  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const block = await reservePortBlock(options.nodeCount ?? 3)
    const cluster = new TestCluster(block, options)
    try {
      if (options.mesh !== undefined) await cluster.#connectThrough(options.mesh)
      await options.prepare?.(cluster)
      await Promise.all([...cluster.#specs.keys()].map((name) => cluster.start(name)))
      return cluster
    } catch (error) {
      await cluster.stop()
      throw error
    }
  }

  private constructor(block: PortBlock, options: TestClusterOptions) {
    this.#block = block
    this.folder = mkdtempSync(path.join(tmpdir(), 'quorail-test-'))
    this.#data = openDataFolder(this.folder)
    this.logins = this.#data.logins
    this.#readyWithin = options.readyWithinMilliseconds ?? 120_000
    const { ports } = block
    const certificatesFolder = path.join(this.folder, 'certificates')
    const secure = options.certificates === true ? { certificatesFolder } : {}
    this.cluster = clusterArgument(ports, (port) => nodeAddress(secure, port))
    if (options.certificates === true)
      makeCertificates('--out', certificatesFolder, '--cluster', this.cluster)
    const product: Product = {
      ports,
      ...secure,
      dataFolder: this.folder,
      paymentSecretFile: this.#data.paymentSecretFile,
      sealKeyFile: this.#data.sealKeyFile,
      ...(options.demo === false ? {} : { demoFile: this.#data.demoFile }),
    }
    this.#product = product
    this.#options = options
    for (const { id } of ports.nodes) this.#addNode(nodeServer(product, id))
    const payment = paymentSandbox(product)
    const more = options.paymentArguments ?? []
    this.#add({ ...payment, arguments: [...payment.arguments, ...more] })
    if (options.gateway === true || options.llamaUrl !== undefined)
      this.#add(llmGateway(product, options.llamaUrl))
    if (options.web === true) this.#add(webApp(product))
    process.on('exit', this.#removeAtExit)
  }

  get addresses() {
    const { ports } = this.#block
    return {
      web: localAddress(ports.web),
      nodes: ports.nodes.map(({ client }) => nodeAddress(this.#product, client)),
      gateway: localAddress(ports.gateway),
      paymentSandbox: localAddress(ports.paymentSandbox),
    }
  }

  /** Who signs the nodes' certificates; undefined: they have none. */
  get authority(): string | undefined {
    const { certificatesFolder } = this.#product
    return certificatesFolder && path.join(certificatesFolder, 'ca.crt')
  }

  /** As if it were typed: `certs add n4`; the folder is said by itself. */
  certs(...words: string[]): void {
    makeCertificates(...words, '--out', this.#product.certificatesFolder ?? '')
  }

  get nodeIds(): readonly string[] {
    return this.#block.ports.nodes.map(({ id }) => id)
  }

  /** Where a node says what it counts, when the cluster was started with `metrics`. */
  metricsAddress(name: string): string {
    return `http://localhost:${this.#metricsPort(name)}/metrics`
  }

  /** Starts a node that waits to be added; gives its two addresses. */
  async startJoining(name: string): Promise<{ readonly client: string; readonly peer: string }> {
    const block = await reservePortBlock(1)
    this.#moreBlocks.push(block)
    const [node] = block.ports.nodes
    if (node === undefined) throw new Error('a block of ports without a node')
    this.#addNode(joiningNode(this.#product, name, node))
    await this.start(name)
    const [client, peer] = [node.client, node.peer].map((port) => nodeAddress(this.#product, port))
    return { client: client ?? '', peer: peer ?? '' }
  }

  /** Starts one process again, as it was started first, and waits until it is ready. */
  async start(name: string): Promise<void> {
    if (this.#children.has(name)) throw new Error(`${name} runs already.`)
    const spec = this.#specs.get(name)
    if (spec === undefined) throw new Error(`There is no ${name} in this cluster.`)
    const child = startChild(spec, this.logFile(name), repositoryFolder)
    this.#children.set(name, child)
    void child.exited.then(() => {
      if (this.#children.get(name) === child) this.#children.delete(name)
    })
    await this.#ready(child)
  }

  /** From its next start on. */
  changeEnvironment(name: string, environment: Readonly<Record<string, string>>): void {
    const spec = this.#specs.get(name)
    if (spec === undefined) throw new Error(`There is no ${name} in this cluster.`)
    this.#add({ ...spec, environment: { ...spec.environment, ...environment } })
  }

  /** As a power failure of this one process: no goodbye. Resolves when it is gone. */
  kill(name: string): Promise<ChildExit> {
    const child = this.#running(name)
    child.signal('SIGKILL')
    return child.exited
  }

  /** In good order, by SIGTERM. */
  async stopOne(name: string, graceMilliseconds = 60_000): Promise<ChildExit> {
    return this.#running(name).stop(graceMilliseconds)
  }

  /** As a machine that hangs: it holds its connections and answers nothing. */
  pause(name: string): void {
    this.#running(name).signal('SIGSTOP')
  }

  resume(name: string): void {
    this.#running(name).signal('SIGCONT')
  }

  /** Resolves when the process ends, by itself or not. */
  exited(name: string): Promise<ChildExit> {
    return this.#running(name).exited
  }

  isRunning(name: string): boolean {
    return this.#children.has(name)
  }

  pid(name: string): number {
    return this.#running(name).pid
  }

  /** What `quorail status --json` prints. */
  status(): Promise<readonly NodeStatus[]> {
    return clusterStatus(this.cluster, this.authority)
  }

  leader(withinMilliseconds = 60_000): Promise<NodeStatus> {
    return waitForLeader(this.cluster, withinMilliseconds, this.authority)
  }

  /** What nodes and sandbox prove themselves to each other by. */
  get paymentSecretFile(): string {
    return this.#data.paymentSecretFile
  }

  dataFolder(name: string): string {
    return path.join(this.folder, name)
  }

  logFile(name: string): string {
    return path.join(this.folder, 'logs', `${name}.log`)
  }

  log(name: string): string {
    return readFileSync(this.logFile(name), 'utf8')
  }

  /** Ends every process, in good order; what they wrote stays. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop(5000)))
  }

  /** Ends every process and deletes the folder. */
  async stop(): Promise<void> {
    await this.stopAll()
    await this.#options.mesh?.close()
    for (const block of [this.#block, ...this.#moreBlocks]) await block.release()
    process.off('exit', this.#removeAtExit)
    this.#remove()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #addNode(node: ChildSpec): void {
    const { nodeArguments = [], nodeEnvironment, environmentOf, metrics } = this.#options
    const figures = metrics === true ? ['--metrics-port', `${this.#metricsPort(node.name)}`] : []
    this.#add({
      ...node,
      arguments: [...node.arguments, ...nodeArguments, ...figures],
      environment: { ...nodeEnvironment, ...environmentOf?.[node.name] },
    })
  }

  /** Behind all others of the block that the node's own ports are in. */
  #metricsPort(name: string): number {
    const blocks = [this.#block, ...this.#moreBlocks]
    const at = this.nodeIds.indexOf(name)
    const { base } = (at === -1 ? blocks.at(-1) : blocks[0])?.ports ?? { base: 0 }
    return base + 31 + Math.max(0, at)
  }

  async #connectThrough(mesh: ProxyMesh): Promise<void> {
    const { nodes } = this.#block.ports
    for (const { id } of nodes) {
      const spec = this.#specs.get(id)
      if (spec === undefined) continue
      const members = await Promise.all(
        nodes.map(async (to) => {
          const peer = to.id === id ? localAddress(to.peer) : await mesh.open(id, to.id, to.peer)
          return `${to.id}=${localAddress(to.client)},${peer}`
        }),
      )
      const words = [...spec.arguments]
      words[words.indexOf('--cluster') + 1] = members.join(';')
      // Made of the addresses otherwise, which are not the same for all of them.
      if (!words.includes('--cluster-id')) words.push('--cluster-id', meshedClusterId)
      this.#add({ ...spec, arguments: words })
    }
  }

  #add(spec: ChildSpec): void {
    this.#specs.set(spec.name, spec)
  }

  #running(name: string): Child {
    const child = this.#children.get(name)
    if (child === undefined) throw new Error(`${name} does not run.`)
    return child
  }

  async #ready(child: Child): Promise<void> {
    const seconds = this.#readyWithin / 1000
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      const message = `${child.spec.name} was not ready within ${seconds} s.`
      timer = setTimeout(() => reject(new Error(message)), this.#readyWithin)
    })
    try {
      await Promise.race([child.ready, late])
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      throw new Error([words, 'Its last lines:', ...child.lastLines()].join('\n  '))
    } finally {
      clearTimeout(timer)
    }
  }

  #remove(): void {
    if (process.env.QUORAIL_KEEP === '1') console.log(`Kept: ${this.folder}`)
    else rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 })
  }
}

function makeCertificates(...words: string[]): void {
  const command = [path.join(repositoryFolder, 'apps/node-server/src/main.ts'), 'certs', ...words]
  execFileSync(process.execPath, command, { stdio: 'pipe' })
}
