import { createServer } from 'node:http'
import createNextApp from 'next'

// The built web app as one process with the manners of the others: it prints one JSON line when it
// can be used, ends on SIGTERM, and ends when the process that started it goes away.
const port = Number(process.env.PORT ?? 3000)
const hostname = process.env.HOST ?? '127.0.0.1'

const app = createNextApp({ dev: false, dir: import.meta.dirname, hostname, port })
await app.prepare()
const handle = app.getRequestHandler()
const server = createServer((request, response) => void handle(request, response))

server.once('error', (error) => {
  console.error(`The web app can not listen on ${hostname}:${port}: ${error.message}`)
  process.exit(1)
})
server.listen(port, hostname, () => {
  const address = `http://localhost:${port}`
  console.log(JSON.stringify({ ready: true, service: 'web', address, pid: process.pid }))
})

let stopping = false
function stop(): void {
  if (stopping) return
  stopping = true
  // Pages hold streams open for ever: give what is running a moment, then close.
  server.close(() => process.exit(0))
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), 1000).unref()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
if (process.env.QUORAIL_PARENT_IPC === '1') process.once('disconnect', stop)
