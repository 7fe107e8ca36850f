/**
 * New seeds in every run; `QUORAIL_SEED` repeats one. In CI 30 million events in 1,500 seeds,
 * every rare state met, and a twentieth of the seeds twice, in two processes. A tenth of it by hand.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROFILE_NAMES } from './profile.ts'
import { simulate } from './simulation.ts'

const base = Number(process.env.QUORAIL_SEED)
const isCi = process.env.CI !== undefined
const command = path.join(import.meta.dirname, '../../../../tools/sim.mjs')

/** Prints as it goes: the seeds come first. */
function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args])
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        process.stdout.write(text)
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

it('violates nothing, whatever is drawn', { timeout: 900_000 }, async () => {
  const size = isCi ? ['--seeds', '1500', '--events', '20000', '--marks'] : ['--seeds', '100']
  const more = ['--known', '--double', '0.05', '--workers', '2']
  const { code, output } = await run(['--seed', String(base), ...size, ...more])
  expect(code, output.slice(-5000)).toBe(0)
})

describe.each(PROFILE_NAMES)('profile %s', (profile) => {
  it(`violates nothing with seeds from ${base}`, () => {
    for (let seed = base; seed < base + (isCi ? 20 : 2); seed++) {
      const { violation, trace } = simulate({ seed, events: 4000, profile })
      const replay = `pnpm sim --seed ${seed} --events 4000 --profile ${profile}`
      expect(violation, `${replay}\n${trace.join('\n')}`).toBeUndefined()
    }
  })
})
