import http2 from 'node:http2'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { beginCall, cancelCall, noSettings, preface } from '../testing/raw-frames.ts'
import { createPolyglotServer, type PolyglotServer } from './polyglot.ts'

async function start(): Promise<{ server: PolyglotServer; port: number }> {
  const server = createPolyglotServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.end(`${request.httpVersion} ${request.method} ${Buffer.concat(chunks).length}`)
    })
  })
  const port = await server.listen(0, ['127.0.0.1', '::1'])
  onTestFinished(() => server.close(0))
  return { server, port }
}

/** Sends raw bytes, in pieces, and gives what comes back until the server closes or `until` is seen. */
function raw(port: number, pieces: readonly string[], until: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1')
    let seen = ''
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      if (until !== '' && seen.includes(until)) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(seen))
    const send = (at: number): void => {
      const piece = pieces[at]
      if (piece === undefined) return
      socket.write(piece, () => setTimeout(() => send(at + 1), 1))
    }
    send(0)
  })
}

function request2(port: number, body: Buffer | string, host = '127.0.0.1'): Promise<string> {
  const session = http2.connect(`http://${host.includes(':') ? `[${host}]` : host}:${port}`)
  onTestFinished(() => session.destroy())
  return send2(session, body)
}

function send2(session: http2.ClientHttp2Session, body: Buffer | string): Promise<string> {
  return new Promise((resolve, reject) => {
    session.on('error', reject)
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    let seen = ''
    stream.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
    })
    stream.on('error', reject)
    stream.on('end', () => resolve(seen))
    stream.end(body)
  })
}

test('HTTP/1.1, whole and byte by byte', async () => {
  const { port } = await start()
  const text = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc'
  expect(await raw(port, [text], '1.1 POST 3')).toContain('1.1 POST 3')
  expect(await raw(port, [...text], '1.1 POST 3')).toContain('1.1 POST 3')
})

test('methods that begin like the preface of HTTP/2', async () => {
  const { port } = await start()
  for (const method of ['PUT', 'PATCH', 'PROPFIND']) {
    const text = `${method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`
    expect(await raw(port, [...text], `1.1 ${method} 0`)).toContain(`1.1 ${method} 0`)
  }
})

test('two requests in one piece, on one connection', async () => {
  const { port } = await start()
  const one = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na'
  const two = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nbb'
  const seen = await raw(port, [one + two], '1.1 POST 2')
  expect(seen).toContain('1.1 POST 1')
})

test('HTTP/2, with large bodies at once, on both addresses of localhost', async () => {
  const { port } = await start()
  const session = http2.connect(`http://127.0.0.1:${port}`, { maxSessionMemory: 256 })
  onTestFinished(() => session.destroy())
  session.setMaxListeners(100)
  const body = Buffer.alloc(300_000, 120)
  const answers = await Promise.all(Array.from({ length: 50 }, () => send2(session, body)))
  expect(new Set(answers)).toEqual(new Set(['2.0 POST 300000']))
  expect(await request2(port, 'abc', '::1')).toBe('2.0 POST 3')
})

test('HTTP/2 whose preface comes byte by byte', async () => {
  const { port } = await start()
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  const settings = '\0\0\0\x04\0\0\0\0\0'
  // The server's own SETTINGS frame is the answer.
  expect(await raw(port, [...preface, settings], '\x04')).toContain('\x04')
})

test('what is no HTTP is refused', async () => {
  const { port } = await start()
  expect(await raw(port, ['\x16\x03\x01 not for us\r\n\r\n'], '400')).toContain('400')
})

test('closes at once with an idle connection, an open session and a silent one', async () => {
  const { server, port } = await start()
  const keepAlive = new Promise<string>((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.on('data', () => {})
    socket.on('close', () => resolve('closed'))
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
  })
  const silent = new Promise<string>((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('close', () => resolve('closed'))
  })
  await request2(port, 'a')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const startedAt = performance.now()
  await server.close(40_000)
  expect(performance.now() - startedAt).toBeLessThan(30_000)
  expect(await Promise.all([keepAlive, silent])).toEqual(['closed', 'closed'])
})

test('HTTP/2: what is begun and cancelled in one breath is not carried out', async () => {
  const carriedOut: string[] = []
  const server = createPolyglotServer((request, response) => {
    carriedOut.push(request.url ?? '')
    response.end()
  })
  const port = await server.listen(0, ['127.0.0.1'])
  onTestFinished(() => server.close(0))
  const socket = net.connect(port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
  })
  socket.resume()
  const breath = (first: number, wanted: string) => {
    const calls = Array.from({ length: 100 }, (_, at) => first + 2 * at)
    return Buffer.concat([
      ...calls.flatMap((call) => [beginCall(call, '/cancelled'), cancelCall(call)]),
      beginCall(first + 200, wanted),
    ])
  }
  socket.write(Buffer.concat([preface, noSettings, breath(1, '/wanted')]))
  await expect.poll(() => carriedOut).toContain('/wanted')
  // What the connection began with comes to Node's HTTP/2 another way than all that comes later.
  socket.write(breath(203, '/wanted-later'))
  await expect.poll(() => carriedOut).toContain('/wanted-later')
  // Where the kernel has cut the bytes, one call may have come without its end.
  expect(carriedOut.filter((path) => path === '/cancelled').length).toBeLessThan(20)
})

test('HTTP/2: many calls at once are all carried out, in their order', async () => {
  const carriedOut: string[] = []
  const server = createPolyglotServer((request, response) => {
    carriedOut.push(request.url ?? '')
    // Longer than what is done at one go.
    const until = performance.now() + 2
    while (performance.now() < until);
    response.end()
  })
  const port = await server.listen(0, ['127.0.0.1'])
  onTestFinished(() => server.close(0))
  const session = http2.connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => session.destroy())
  const paths = Array.from({ length: 50 }, (_, at) => `/${at}`)
  await Promise.all(
    paths.map(
      (path) =>
        new Promise((resolve) => {
          session.request({ ':path': path }).resume().on('close', resolve)
        }),
    ),
  )
  expect(carriedOut).toEqual(paths)
})
