import { fork } from 'node:child_process'
import path from 'node:path'
import type { Cleanup } from '../harness/cleanup.ts'
import type { Callers } from './callers.ts'
import type { RunningSystem } from './system.ts'

/** The ceilings: our port with an empty handler, and with a stream that answers at once. */
export async function startEmpty(
  callers: Callers,
  cleanup: Cleanup,
): Promise<{ system(kind: 'stream' | 'unary'): RunningSystem }> {
  const child = fork(path.join(import.meta.dirname, 'empty-process.ts'))
  cleanup.add(() => {
    if (child.connected) child.disconnect()
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)))
    child.once('exit', () => reject(new Error('the empty node has ended')))
  })
  const leader = `http://127.0.0.1:${port}`
  const fixed = {
    endpoints: [leader],
    leader,
    sessionToken: 'x'.repeat(40),
    runs: 1_000,
    paymentUrl: '',
  }
  return {
    system: (kind) => ({
      processes: async () => ({ leader: child.pid ?? 0 }),
      run: ({ work, ...order }) => callers.run({ ...order, target: { kind, work, ...fixed } }),
    }),
  }
}
