import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { openDatabase, type SandboxDatabase } from './database.ts'
import { sendJson } from './http.ts'
import { Movements } from './movements.ts'
import { Operations } from './operations.ts'
import { Problem } from './problem.ts'
import { authorizationsOf, ledger } from './reports.ts'
import { allowOrigin, getTestCards, postToken } from './routes/browser.ts'
import { postOperation, requireSecret } from './routes/server-api.ts'
import { Tokens } from './tokens.ts'
import { Webhooks } from './webhooks.ts'

export interface SandboxOptions {
  readonly folder: string
  readonly secret: string
  readonly origins: readonly string[]
  readonly webhookUrls: readonly string[]
  readonly slowMs: number
  readonly holdAfterChargeMs: number
  readonly log: (message: string) => void
}

export interface Sandbox {
  readonly server: Server
  close(): Promise<void>
}

/** Everything behind the port. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const database = openDatabase(options.folder)
  const tokens = new Tokens(database)
  const webhooks = new Webhooks(database, {
    urls: options.webhookUrls,
    secret: options.secret,
    log: options.log,
  })
  const operations = new Operations(database, {
    movements: new Movements(database, tokens),
    tokens,
    webhooks,
    times: { slowMs: options.slowMs, holdAfterChargeMs: options.holdAfterChargeMs },
  })
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    allowOrigin(request, response, options.origins)
    const url = new URL(request.url ?? '/', 'http://sandbox')
    const path = url.pathname.split('/').slice(1).map(decodeURIComponent)
    const what = `${request.method} /${path.slice(0, 2).join('/')}`
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end()
      return
    }
    if (what === 'GET /health') {
      sendJson(response, 200, { ok: true })
      return
    }
    if (what === 'GET /v1/test-cards') {
      getTestCards(response)
      return
    }
    if (what === 'POST /v1/tokens') {
      await postToken(request, response, tokens)
      return
    }
    requireSecret(request, options.secret)
    if (request.method === 'POST') {
      await postOperation(request, response, path.slice(1), operations)
    } else {
      report(url, path, response, database, operations)
    }
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const problem = error instanceof Problem ? error : undefined
      if (problem === undefined) options.log(`failed: ${String(error)}`)
      const shown = problem ?? new Problem(500, 'internal', 'The sandbox failed.')
      sendJson(response, shown.status, shown.toBody())
    })
  })
  webhooks.wake()
  return {
    server,
    async close() {
      webhooks.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      database.close()
    },
  }
}

function report(
  url: URL,
  path: readonly string[],
  response: ServerResponse,
  database: SandboxDatabase,
  operations: Operations,
): void {
  const [, what, by, key] = path
  if (what === 'operations' && by === 'by-key' && key !== undefined) {
    const { status, body } = operations.byKey(key, url.searchParams.get('burn') === '1')
    sendJson(response, status, body)
  } else if (what === 'authorizations' && by === undefined) {
    const reference = url.searchParams.get('reference') ?? ''
    sendJson(response, 200, { authorizations: authorizationsOf(database, reference) })
  } else if (what === 'ledger') {
    sendJson(response, 200, { references: ledger(database) })
  } else {
    throw new Problem(404, 'not_found', 'There is nothing at this address.')
  }
}
