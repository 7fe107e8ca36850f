import { startGateway } from './gateway.ts'
import { parseOptions, usage } from './options.ts'

const options = parseOptions(process.argv.slice(2), process.env)
if (options.help) {
  process.stdout.write(usage)
  process.exit(0)
}
if (options.problem !== undefined) {
  process.stderr.write(`${options.problem}\n\n${usage}`)
  process.exit(2)
}

const gateway = await startGateway(options).catch((error: Error) => {
  process.stderr.write(`The gateway can not start: ${error.message}\n`)
  process.exit(1)
})
const { address } = gateway
process.stdout.write(
  `${JSON.stringify({ ready: true, service: 'llm-gateway', address, pid: process.pid })}\n`,
)

let stopping = false
async function stop(): Promise<void> {
  if (stopping) process.exit(1)
  stopping = true
  await gateway.close()
  process.exit(0)
}
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
// Started as somebody's child: ends with its parent.
if (process.send !== undefined) process.on('disconnect', () => void stop())
