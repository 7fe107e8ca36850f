/** A cluster of real processes whose peers speak through a `ProxyMesh`. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  type Child,
  type ChildExit,
  type ChildSpec,
  startChild,
} from '../../../tools/product/child.ts'
import {
  clusterArgument,
  localAddress,
  nodeAddress,
  nodeServer,
  paymentSandbox,
} from '../../../tools/product/commands.ts'
import { repositoryFolder } from '../../../tools/product/repository.ts'
import { type DataFolder, openDataFolder } from '../../../tools/start/data-folder.ts'
import { type PortBlock, reservePortBlock } from '../../../tools/testing/port-block.ts'
import { ProxyMesh } from '../../../tools/testing/proxy-mesh.ts'
import { askStatus, type NodeState } from './node-state.ts'
import { type DiskFault, PowerBox } from './power/power-box.ts'
import type { CutReport } from './power/power-cut.ts'
import type { Random } from './random.ts'
import { requireRealDisk } from './real-disk.ts'

export interface ChaosClusterOptions {
  /** The nodes run behind a shim, and their power can be cut. */
  readonly power?: boolean
  /** TLS between the nodes, and on their client ports. */
  readonly tls?: boolean
  /** Added to each node's command line. */
  readonly nodeArguments?: readonly string[]
}

const readyWithinMs = 60_000
const clusterId = 'c4a05c4a05c4a05c4a05c4a05c4a05c4'.slice(0, 32)
/** Nothing runs out while a run lasts. */
const holdMs = 6 * 3_600_000

export class ChaosCluster {
  readonly folder: string
  readonly mesh = new ProxyMesh()
  readonly #block: PortBlock
  readonly #data: DataFolder
  readonly #specs = new Map<string, ChildSpec>()
  readonly #children = new Map<string, Child>()
  readonly #onExit = () => this.#remove()
  #certificatesFolder: string | undefined
  #power: PowerBox | undefined

  static async start(options: ChaosClusterOptions = {}): Promise<ChaosCluster> {
    const cluster = new ChaosCluster(await reservePortBlock(3))
    try {
      await cluster.#prepare(options)
      await Promise.all([...cluster.#specs.keys()].map((name) => cluster.start(name)))
      return cluster
    } catch (error) {
      await cluster.stop()
      throw error
    }
  }

  private constructor(block: PortBlock) {
    this.#block = block
    this.folder = mkdtempSync(path.join(tmpdir(), 'quorail-chaos-'))
    requireRealDisk(this.folder)
    this.#data = openDataFolder(path.join(this.folder, 'data'))
    process.on('exit', this.#onExit)
  }

  get nodes(): readonly string[] {
    return this.#block.ports.nodes.map(({ id }) => id)
  }

  get urls(): readonly string[] {
    return this.#block.ports.nodes.map(({ client }) => this.#address(client))
  }

  get paymentUrl(): string {
    return localAddress(this.#block.ports.paymentSandbox)
  }

  get logins() {
    return this.#data.logins
  }

  url(node: string): string {
    const found = this.#block.ports.nodes.find(({ id }) => id === node)
    if (found === undefined) throw new Error(`There is no node ${node}.`)
    return this.#address(found.client)
  }

  dataFolder(node: string): string {
    return path.join(this.#data.folder, node)
  }

  logFile(name: string): string {
    return path.join(this.folder, 'logs', `${name}.log`)
  }

  pid(node: string): number {
    return this.#running(node).pid
  }

  isRunning(node: string): boolean {
    return this.#children.has(node)
  }

  /** Starts a process and waits until it can be used. */
  async start(name: string): Promise<void> {
    const spec = this.#specs.get(name)
    if (spec === undefined) throw new Error(`There is no ${name}.`)
    const child = startChild(spec, this.logFile(name), repositoryFolder)
    this.#children.set(name, child)
    void child.exited.then(() => {
      if (this.#children.get(name) === child) this.#children.delete(name)
    })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${name} was not ready in time.`)), readyWithinMs)
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

  kill(node: string): Promise<ChildExit> {
    const child = this.#running(node)
    child.signal('SIGKILL')
    return child.exited
  }

  /** Resolves when the process ends, by itself or not. */
  exited(node: string): Promise<ChildExit> {
    return this.#running(node).exited
  }

  stopNode(node: string): Promise<ChildExit> {
    return this.#running(node).stop(20_000)
  }

  pause(node: string): void {
    this.#running(node).signal('SIGSTOP')
  }

  resume(node: string): void {
    this.#running(node).signal('SIGCONT')
  }

  /** Of a node that is dead: takes away what it had not synced. */
  cutPower(node: string, random: Random, everything: boolean): CutReport {
    if (this.isRunning(node)) throw new Error(`${node} still runs.`)
    return this.#powerBox.cut(node, this.dataFolder(node), random, everything)
  }

  /** Whether syncs only say that they were done. */
  letSyncsLie(lies: boolean): void {
    this.#powerBox.lie(lies)
  }

  /** What is wrong with the disk of a node from now on; undefined: nothing. */
  ailDisk(node: string, fault: DiskFault | undefined): void {
    this.#powerBox.ail(node, fault)
  }

  /** How often the node's disk has done what is wrong with it. */
  diskAiled(node: string): number {
    return this.#powerBox.ailed(node)
  }

  get #powerBox(): PowerBox {
    if (this.#power === undefined) throw new Error('The cluster was started without `power`.')
    return this.#power
  }

  /** What each node that answers says of itself. */
  async states(): Promise<readonly NodeState[]> {
    const answers = await Promise.all(this.nodes.map((node) => askStatus(this.url(node))))
    return answers.filter((state) => state !== undefined)
  }

  /** The one that leads and serves, of the highest term; undefined while there is none. */
  async leader(): Promise<NodeState | undefined> {
    const leading = (await this.states()).filter(({ leads }) => leads)
    return leading.sort((a, b) => b.term - a.term)[0]
  }

  async waitForLeader(withinMs = 30_000): Promise<NodeState> {
    const deadline = performance.now() + withinMs
    for (;;) {
      const leader = await this.leader()
      if (leader !== undefined) return leader
      if (performance.now() > deadline) {
        const ended = this.nodes.filter((node) => !this.isRunning(node))
        const runs = ended.length === 0 ? 'All run' : `Ended: ${ended.join(', ')}`
        throw new Error(
          `No node leads after ${withinMs / 1000} s. ${runs}; see ${this.logFile('…')}.`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop(5_000)))
    await this.mesh.close()
    await this.#block.release()
    process.off('exit', this.#onExit)
    this.#remove()
  }

  #address(port: number): string {
    const folder = this.#certificatesFolder
    return nodeAddress(folder === undefined ? {} : { certificatesFolder: folder }, port)
  }

  async #prepare({ power, tls, nodeArguments = [] }: ChaosClusterOptions): Promise<void> {
    const { ports } = this.#block
    if (tls === true) this.#certificatesFolder = this.#makeCertificates()
    if (power === true) this.#power = new PowerBox(this.folder)
    const product = {
      ports,
      dataFolder: this.#data.folder,
      paymentSecretFile: this.#data.paymentSecretFile,
      sealKeyFile: this.#data.sealKeyFile,
      demoFile: this.#data.demoFile,
      ...(this.#certificatesFolder !== undefined && {
        certificatesFolder: this.#certificatesFolder,
      }),
    }
    for (const { id } of ports.nodes) {
      const members = await Promise.all(
        ports.nodes.map(async (to) => {
          const door = to.id === id ? undefined : await this.mesh.open(id, to.id, to.peer)
          const peer = this.#address(door === undefined ? to.peer : Number(new URL(door).port))
          return `${to.id}=${this.#address(to.client)},${peer}`
        }),
      )
      const spec = nodeServer(product, id)
      const words = [...spec.arguments]
      words[words.indexOf('--cluster') + 1] = members.join(';')
      this.#specs.set(id, {
        ...spec,
        arguments: [
          ...words,
          '--cluster-id',
          clusterId,
          '--hold-ms',
          String(holdMs),
          ...nodeArguments,
        ],
        environment: {
          ...this.#power?.environment(id, this.dataFolder(id)),
        },
      })
    }
    const sandbox = paymentSandbox(product)
    this.#specs.set(sandbox.name, sandbox)
  }

  /** This process believes who has signed them from now on, too. */
  #makeCertificates(): string {
    const folder = path.join(this.folder, 'certificates')
    const cluster = clusterArgument(this.#block.ports, (port) => `https://localhost:${port}`)
    const script = path.join(repositoryFolder, 'apps/node-server/src/main.ts')
    const words = ['--out', folder, '--cluster', cluster, '--cluster-id', clusterId]
    execFileSync(process.execPath, [script, 'certs', ...words])
    const authority = readFileSync(path.join(folder, 'ca.crt'), 'utf8')
    setDefaultCACertificates([...getCACertificates('default'), authority])
    return folder
  }

  #running(name: string): Child {
    const child = this.#children.get(name)
    if (child === undefined) throw new Error(`${name} does not run.`)
    return child
  }

  #remove(): void {
    if (process.env.QUORAIL_KEEP === '1') console.log(`Kept: ${this.folder}`)
    else rmSync(this.folder, { recursive: true, force: true })
  }
}
