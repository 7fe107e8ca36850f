/**
 * A real model for tests, where there is one: node-llama-cpp is an optional dependency, and the model
 * is LLAMA_MODEL or made by a tool that may stand beside the repository.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LlamaServerOptions } from './llama-server.ts'

export interface TinyModel {
  readonly tokens: LlamaServerOptions['tokens']
  dispose(): Promise<void>
}

const maker = fileURLToPath(
  new URL('../../../../../shared/tools/make-tiny-gguf.mjs', import.meta.url),
)
const answerTokens = 400

/** Why there is no real model here; undefined when there is. */
export async function noModelBecause(): Promise<string | undefined> {
  const installed = await import('node-llama-cpp').then(
    () => true,
    () => false,
  )
  if (!installed) return 'node-llama-cpp is not installed'
  if (process.env.LLAMA_MODEL === undefined && !existsSync(maker)) return 'there is no model file'
  return undefined
}

export async function loadTinyModel(): Promise<TinyModel> {
  const { getLlama } = await import('node-llama-cpp')
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-model-'))
  const llama = await getLlama({ build: 'never', gpu: false })
  const model = await llama.loadModel({ modelPath: modelFile(folder) })
  // More threads than idle cores make llama.cpp spin: one is enough for a tiny model.
  const context = await model.createContext({ contextSize: 1024, threads: 1 })
  return {
    async *tokens(prompt, signal) {
      const sequence = context.getSequence()
      try {
        const answer = sequence.evaluate(model.tokenize(prompt).slice(0, 256), { temperature: 0.8 })
        let count = 0
        for await (const token of answer) {
          if (signal.aborted || ++count > answerTokens) return
          yield model.detokenize([token])
        }
      } finally {
        await sequence.dispose()
      }
    },
    async dispose() {
      await context.dispose()
      await model.dispose()
      await llama.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function modelFile(folder: string): string {
  const given = process.env.LLAMA_MODEL
  if (given !== undefined && given !== '') return given
  const file = path.join(folder, 'tiny.gguf')
  const { status, stderr } = spawnSync(process.execPath, [maker, file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the model could not be made: ${stderr}`)
  return file
}
