import net from 'node:net'
import tls from 'node:tls'

/** Gets the bytes of a response's body, or why there is none. */
export type RawDone = (error: Error | undefined, body: Buffer) => void

const noBody = Buffer.alloc(0)
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const windowBytes = 2 ** 30
const [dataFrame, headersFrame, resetFrame, settingsFrame, pingFrame, goAwayFrame, windowFrame] = [
  0, 1, 3, 4, 6, 7, 8,
]
const [endStream, endHeaders, ack] = [1, 4, 1]

/**
 * The least that a client of HTTP/2 can do: frames written by hand on a socket, all of a turn with one write. It
 * is here so that a benchmark measures a server and not its client.
 */
export class RawHttp2 {
  readonly #socket: net.Socket
  readonly #headers: Buffer
  readonly #streams = new Map<number, { body: Buffer; failed: boolean; done: RawDone }>()
  #nextId = 1
  #rest: Buffer = noBody
  #out: Buffer[] = []
  #sendWindow = 65_535
  #waiting: { readonly id: number; readonly body: Buffer }[] = []
  #flushing = false

  /** `headers` are sent with every request, without compression. `ca` signs the certificate of an https address. */
  static open(
    url: string,
    headers: Readonly<Record<string, string>>,
    ca?: string | undefined,
  ): Promise<RawHttp2> {
    const { protocol, hostname: host, port } = new URL(url)
    const isSecure = protocol === 'https:'
    const to = { host, port: Number(port), noDelay: true }
    return new Promise((resolve, reject) => {
      const secure = { ...to, ...(ca !== undefined && { ca }), servername: host }
      const socket = isSecure ? tls.connect({ ...secure, ALPNProtocols: ['h2'] }) : net.connect(to)
      socket.once('error', reject)
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject)
        resolve(new RawHttp2(socket, headers))
      })
    })
  }

  private constructor(socket: net.Socket, headers: Readonly<Record<string, string>>) {
    this.#socket = socket
    this.#headers = Buffer.concat(Object.entries(headers).map(literal))
    const settings = Buffer.alloc(6)
    settings.writeUInt16BE(4, 0)
    settings.writeUInt32BE(windowBytes, 2)
    const window = Buffer.alloc(4)
    window.writeUInt32BE(windowBytes)
    socket.write(
      Buffer.concat([
        preface,
        frame(settingsFrame, 0, 0, settings),
        frame(windowFrame, 0, 0, window),
      ]),
    )
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    const fail = (error?: Error) => this.#failAll(error ?? new Error('the connection is closed'))
    socket.on('error', fail)
    socket.on('close', () => fail())
  }

  request(body: Buffer, done: RawDone): void {
    const id = this.#nextId
    this.#nextId += 2
    this.#streams.set(id, { body: noBody, failed: false, done })
    this.#out.push(frame(headersFrame, endHeaders, id, this.#headers))
    this.#waiting.push({ id, body })
    this.#sendBodies()
  }

  close(): void {
    this.#socket.destroy()
  }

  #sendBodies(): void {
    while (this.#waiting[0] !== undefined && this.#waiting[0].body.length <= this.#sendWindow) {
      const { id, body } = this.#waiting.shift() as { id: number; body: Buffer }
      this.#sendWindow -= body.length
      this.#out.push(frame(dataFrame, endStream, id, body))
    }
    if (this.#flushing) return
    this.#flushing = true
    setImmediate(() => {
      this.#flushing = false
      this.#socket.write(Buffer.concat(this.#out))
      this.#out = []
    })
  }

  #read(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (bytes.length >= 9) {
      const length = bytes.readUIntBE(0, 3)
      if (bytes.length < 9 + length) break
      const [type = 0, flags = 0] = [bytes[3], bytes[4]]
      this.#take(type, flags, bytes.readUInt32BE(5), bytes.subarray(9, 9 + length))
      bytes = bytes.subarray(9 + length)
    }
    this.#rest = bytes
  }

  #take(type: number, flags: number, id: number, payload: Buffer): void {
    const stream = this.#streams.get(id)
    if (type === settingsFrame && (flags & ack) === 0)
      this.#send(frame(settingsFrame, ack, 0, noBody))
    else if (type === pingFrame && (flags & ack) === 0)
      this.#send(frame(pingFrame, ack, 0, payload))
    else if (type === windowFrame && id === 0) {
      this.#sendWindow += payload.readUInt32BE(0)
      this.#sendBodies()
    } else if (type === goAwayFrame)
      this.#failAll(new Error('the server has closed the connection'))
    else if (stream === undefined) return
    else if (type === dataFrame)
      stream.body = stream.body.length === 0 ? payload : Buffer.concat([stream.body, payload])
    // `:status: 200` is one byte; a response that begins otherwise is an error.
    else if (type === headersFrame && stream.body.length === 0) stream.failed ||= !isOk(payload)
    const ends = (type === dataFrame || type === headersFrame) && (flags & endStream) !== 0
    if (!ends && type !== resetFrame) return
    this.#streams.delete(id)
    const failed = stream?.failed === true || type === resetFrame
    stream?.done(failed ? new Error(`stream ${id} failed`) : undefined, stream.body)
  }

  #send(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  #failAll(error: Error): void {
    for (const [id, { done }] of [...this.#streams]) {
      this.#streams.delete(id)
      done(error, noBody)
    }
  }
}

const isOk = (block: Buffer): boolean => block[0] === 0x88 || block.includes(0x88)

function frame(type: number, flags: number, id: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(9 + payload.length)
  bytes.writeUIntBE(payload.length, 0, 3)
  bytes[3] = type
  bytes[4] = flags
  bytes.writeUInt32BE(id, 5)
  payload.copy(bytes, 9)
  return bytes
}

/** A header as it is, without an index: HPACK's longest and simplest form. */
function literal([name, value]: readonly [string, string]): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)]
  return Buffer.concat([
    Buffer.from([0]),
    ...[nameBytes, valueBytes].flatMap((bytes) => [lengthOf(bytes.length), bytes]),
  ])
}

function lengthOf(length: number): Buffer {
  if (length < 127) return Buffer.from([length])
  const bytes = [127]
  let rest = length - 127
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}
