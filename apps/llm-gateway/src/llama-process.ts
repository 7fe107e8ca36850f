import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'

/** Where llama.cpp's server is, if anywhere. */
export interface LlamaProcess {
  url(): string | undefined
  /** Why there is none, for a person; '' when there is. */
  problem(): string
  stop(): Promise<void>
}

/**
 * Runs llama.cpp's server as a child on a free port. No prompt cache over requests: it has been
 * seen to bring one conversation's text into another.
 */
export function startLlama(program: string, model: string): LlamaProcess {
  let child: ChildProcess | undefined
  let url: string | undefined
  let problem = 'llama.cpp is starting.'
  let stopped = false

  const start = async (): Promise<void> => {
    const port = await freePort()
    if (stopped) return
    const args = ['-m', model, '--host', '127.0.0.1', '--port', String(port), '--cache-ram', '0']
    child = spawn(program, args, { stdio: 'ignore' })
    url = `http://127.0.0.1:${port}`
    child.once('error', (error) => {
      url = undefined
      problem = `llama.cpp's server could not be started (${error.message}). Set LLAMA_SERVER_PROGRAM, or LLAMA_SERVER_URL of one that runs.`
    })
    child.once('exit', (code) => {
      url = undefined
      if (problem === 'llama.cpp is starting.') {
        problem = `llama.cpp's server ended with code ${code}.`
      }
    })
  }
  void start().catch((error: Error) => {
    problem = error.message
  })

  return {
    url: () => url,
    problem: () => (url === undefined ? problem : ''),
    async stop() {
      stopped = true
      const running = child
      if (running === undefined || running.exitCode !== null || running.pid === undefined) return
      const ended = new Promise((resolve) => running.once('exit', resolve))
      // It finishes running answers for up to 30 s on SIGTERM; nobody is waiting for them here.
      running.kill('SIGKILL')
      await ended
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
