import path from 'node:path'
import { parseArgs } from 'node:util'

export interface StartOptions {
  readonly portBase: number
  readonly dataFolder: string
  readonly reset: boolean
  readonly yes: boolean
  readonly help: boolean
}

/** A mistake in what was typed, or a state of the machine, that a person can mend. */
export class StartError extends Error {}

export const help = `npm start -- [options]

Starts Quorail on this machine: three nodes, a payment sandbox, the assistant's gateway and the web app.
Ctrl-C stops it; the next start goes on with the same data.

  --port-base N   the first port (3000). Web N, nodes N+1 to N+3, their peers N+11 to N+13,
                  gateway N+20, payment sandbox N+30
  --data DIR      where everything is kept (.quorail)
  --reset --yes   deletes the data folder first, with every booking in it
  --help          this text

LLAMA_SERVER_URL names a running llama.cpp server; LLAMA_MODEL a model file (.gguf) to start one with.
Without either the assistant answers with its built-in answers.`

export function parseStartOptions(words: readonly string[], currentFolder: string): StartOptions {
  const { values } = parse(words)
  const portBase = Number(values['port-base'])
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_535 - 30)
    throw new StartError(
      `--port-base must be a whole number from 1024 to 65505; "${values['port-base']}" is not.`,
    )
  return {
    portBase,
    dataFolder: path.resolve(currentFolder, values.data),
    reset: values.reset,
    yes: values.yes,
    help: values.help,
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        'port-base': { type: 'string', default: '3000' },
        data: { type: 'string', default: '.quorail' },
        reset: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`${reason}\nThe options are shown by: npm start -- --help`)
  }
}
