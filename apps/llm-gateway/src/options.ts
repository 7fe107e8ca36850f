import { parseArgs } from 'node:util'

export interface GatewayOptions {
  readonly port: number
  /** A llama.cpp server that runs already. */
  readonly llamaUrl: string | undefined
  /** A model file to start llama.cpp's server with. */
  readonly llamaModel: string | undefined
  /** The program to start. */
  readonly llamaProgram: string
  /** Answers generated at the same time; more are refused, so that llama.cpp never queues. */
  readonly concurrency: number
  readonly help: boolean
  readonly problem: string | undefined
}

export const usage = `quorail llm-gateway: Connect in front of llama.cpp's server

  --port N           port on localhost (default 3020)
  --llama-url URL    a llama.cpp server that runs already (or LLAMA_SERVER_URL)
  --llama-model FILE a model to start llama.cpp's server with (or LLAMA_MODEL)
  --concurrency N    answers generated at the same time (default 2)
  --help             this text

Without a server or model the gateway runs and says that there is none.
LLAMA_SERVER_PROGRAM names the server's program (default llama-server).
`

export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): GatewayOptions {
  const base = {
    llamaProgram: env.LLAMA_SERVER_PROGRAM ?? 'llama-server',
    port: 3020,
    llamaUrl: undefined,
    llamaModel: undefined,
    concurrency: 2,
    help: false,
  }
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3020' },
        'llama-url': { type: 'string' },
        'llama-model': { type: 'string' },
        concurrency: { type: 'string', default: '2' },
        help: { type: 'boolean', default: false },
      },
    })
    const llamaUrl = values['llama-url'] ?? nonEmpty(env.LLAMA_SERVER_URL)
    const port = wholeNumber('--port', values.port, 0, 65_535)
    const concurrency = wholeNumber('--concurrency', values.concurrency, 1, 64)
    if (llamaUrl !== undefined && !/^https?:\/\//.test(llamaUrl)) {
      throw new Error(`--llama-url must begin with http:// or https://, not “${llamaUrl}”.`)
    }
    return {
      ...base,
      port,
      concurrency,
      llamaUrl: llamaUrl?.replace(/\/+$/, ''),
      llamaModel: values['llama-model'] ?? nonEmpty(env.LLAMA_MODEL),
      help: values.help,
      problem: undefined,
    }
  } catch (error) {
    return { ...base, problem: (error as Error).message }
  }
}

const nonEmpty = (text: string | undefined) => (text === '' ? undefined : text)

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not “${text}”.`)
  }
  return value
}
