/** Protobuf's base-128 integers, for safe integers only. */

/** Bytes that `value` takes, 1 to 8. */
export function varintSize(value: number): number {
  let size = 1
  let rest = value
  while (rest >= 128) {
    rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128)
    size++
  }
  return size
}

/** Writes `value` at `at` and returns where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let to = at
  while (rest >= 0x80000000) {
    bytes[to++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  while (rest >= 128) {
    bytes[to++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[to++] = rest
  return to
}
