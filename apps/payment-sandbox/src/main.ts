import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { createSandbox } from './sandbox.ts'

const usage = `node src/main.ts --data DIR --port PORT --secret-file FILE [options]

A payment provider to test against.

  --data DIR               its own data
  --port PORT              0: a free one
  --secret-file FILE       shared with the merchant: authorises it, signs webhooks
  --webhook-url URL        where notices go; may be repeated
  --origin URL             a page that may ask for tokens; may be repeated
  --slow-ms N              how long the slow card takes (8000)
  --hold-after-charge-ms N for tests: pause between a charge and its answer (0)
`

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${usage}`)
  process.exit(2)
}

function options() {
  try {
    return parseArgs({
      options: {
        data: { type: 'string' },
        port: { type: 'string', default: '3030' },
        'secret-file': { type: 'string' },
        'webhook-url': { type: 'string', multiple: true, default: [] },
        origin: { type: 'string', multiple: true, default: [] },
        'slow-ms': { type: 'string', default: '8000' },
        'hold-after-charge-ms': { type: 'string', default: '0' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

const values = options()
if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const number = (name: 'port' | 'slow-ms' | 'hold-after-charge-ms') => {
  const value = Number(values[name])
  return Number.isInteger(value) && value >= 0 ? value : fail(`--${name} must be a whole number.`)
}
const secretFile = values['secret-file'] ?? fail('--secret-file is missing.')
const sandbox = createSandbox({
  folder: values.data ?? fail('--data is missing.'),
  secret: readFileSync(secretFile, 'utf8').trim() || fail(`${secretFile} is empty.`),
  origins: values.origin,
  webhookUrls: values['webhook-url'],
  slowMs: number('slow-ms'),
  holdAfterChargeMs: number('hold-after-charge-ms'),
  log: (message) => process.stderr.write(`${message}\n`),
})

let stopping = false
function stop(): void {
  if (stopping) return
  stopping = true
  void sandbox.close().then(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
// The channel of a parent that ends takes this process with it, even after `kill -9`.
process.on('disconnect', stop)

sandbox.server.on('error', (error) => {
  process.stderr.write(`The payment sandbox can not listen: ${error.message}\n`)
  process.exit(1)
})
// No host: `localhost` may mean IPv4 or IPv6 to a browser.
sandbox.server.listen(number('port'), 'localhost', () => {
  const { port } = sandbox.server.address() as AddressInfo
  const address = `http://localhost:${port}`
  const ready = { ready: true, service: 'payment-sandbox', address, pid: process.pid }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
})
