/** The port below the transport: connections that carry bytes in order. Node's sockets are one. */

export interface Address {
  readonly host: string
  readonly port: number
}

export interface StreamHandlers {
  /**
   * The connection stands. `certifiedNames`: whom the other side's certificate names; undefined
   * when there is none, or its names shall not be checked.
   */
  onOpen(certifiedNames: readonly string[] | undefined): void
  /** The bytes are the receiver's from now on. */
  onBytes(bytes: Uint8Array): void
  /** Once, and nothing after it. */
  onClosed(how: StreamEnd): void
}

export interface StreamEnd {
  /** `peer`: the other side closed it, or its process ended. `failure`: the network gave up. */
  readonly by: 'peer' | 'failure'
  readonly detail: string
}

export interface ByteStream {
  /** Never blocks: what can not be sent yet waits. Not to be called before `onOpen`. */
  write(bytes: Uint8Array): void
  /** Bytes given to `write` that the system has not taken yet. */
  readonly waitingBytes: number
  /** Sends what waits if that is quick, then closes. No handler is called any more. */
  end(): void
  /** Closes at once. No handler is called any more. */
  destroy(): void
}

/** Begins a connection. No handler is called before it returns. */
export type Dial = (address: Address, handlers: StreamHandlers) => ByteStream
