/**
 * What the client port takes from whoever can reach it. Fixed, because nobody who means well comes near them;
 * docs/operating/front-door.md says what each answers.
 */
export const doorLimits = {
  /** Of one message, as sent and as inflated. */
  messageBytes: 4 * 2 ** 20,
  /** Of all requests under way together, as sent. */
  bytesUnderWay: 128 * 2 ** 20,
  connections: 8_192,
  /** Connections that have not said yet what they speak. */
  silentConnections: 1_024,
  silentMs: 10_000,
  headerBytes: 16_384,
  headerFields: 128,
  headerMs: 10_000,
  bodyMs: 30_000,
  /** An HTTP/1.1 connection between two requests. */
  idleMs: 60_000,
  /** An HTTP/2 connection without a call. */
  idleSessionMs: 120_000,
  /** An HTTP/2 connection that has never had one. */
  unusedSessionMs: 30_000,
  streamsPerSession: 512,
  /** Calls that are cancelled: as many at once as can be open, and so many in a second. */
  resetBurst: 512,
  resetsPerSecond: 33,
  /** PING and SETTINGS of one HTTP/2 connection in ten seconds. */
  controlFrames: 1_000,
  /** (De)compressions at once, of the four threads that the log's syncs need as well. */
  compressions: 2,
} as const

export type DoorLimits = { readonly [Name in keyof typeof doorLimits]: number }
