/** Frames of HTTP/2 as bytes, for what no client library would send. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

export const frameType = { headers: 1, reset: 3, settings: 4, ping: 6 } as const

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

const endHeaders = 0x04
const cancel = Buffer.from([0, 0, 0, 8])

/** A call that begins and has not sent its message yet. */
export function beginCall(stream: number, path: string, type = 'application/grpc'): Buffer {
  const fields: readonly [string, string][] = [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'localhost'],
    ['content-type', type],
  ]
  return frame(frameType.headers, endHeaders, stream, Buffer.concat(fields.map(literal)))
}

export const cancelCall = (stream: number): Buffer => frame(frameType.reset, 0, stream, cancel)
export const noSettings = frame(frameType.settings, 0, 0, Buffer.alloc(0))
export const ping = frame(frameType.ping, 0, 0, Buffer.alloc(8))

/** HPACK: a field without indexing, name and value as they are. */
function literal([name, value]: readonly [string, string]): Buffer {
  const text = (it: string) => Buffer.concat([Buffer.from([it.length]), Buffer.from(it, 'latin1')])
  return Buffer.concat([Buffer.from([0]), text(name), text(value)])
}
