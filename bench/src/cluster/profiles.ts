/** Profiles of nodes that run, taken by `profile-hook.ts` inside them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Cleanup } from '../harness/cleanup.ts'
import { guardFolder } from '../harness/guard.ts'
import type { ProfileNode } from './attribution.ts'

export class Profiles {
  readonly #folder: string

  constructor(cleanup: Cleanup) {
    // Not under --folder: the name of a socket has 107 letters at most.
    this.#folder = mkdtempSync(path.join(tmpdir(), 'quorail-p-'))
    guardFolder(this.#folder)
    cleanup.add(async () => rmSync(this.#folder, { recursive: true, force: true }))
  }

  /** What makes a node answer. */
  environment(nodeOptions = ''): Readonly<Record<string, string>> {
    const hook = pathToFileURL(path.join(import.meta.dirname, 'profile-hook.ts')).href
    return {
      NODE_OPTIONS: `${nodeOptions} --import=${hook}`.trim(),
      QUORAIL_BENCH_PROFILES: this.#folder,
    }
  }

  async start(pid: number): Promise<void> {
    await this.#ask(pid, 'start')
  }

  async stop(pid: number): Promise<readonly ProfileNode[]> {
    const { nodes } = JSON.parse(await this.#ask(pid, 'stop')) as { nodes: ProfileNode[] }
    return nodes
  }

  #ask(pid: number, word: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      const socket = connect(path.join(this.#folder, String(pid)), () => socket.write(word))
      socket.on('data', (part) => parts.push(part))
      socket.once('error', reject)
      socket.once('end', () => resolve(Buffer.concat(parts).toString()))
    })
  }
}
