/** Plain data as text that is equal exactly when the data is: bytes, big integers, maps and sets too. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Uint8Array) return `bytes(${value.join(' ')})`
  if (value instanceof Error) return `${value.name}(${value.message})`
  if (value instanceof Map) return `map(${list([...value].map(show))})`
  if (value instanceof Set) return `set(${list([...value].map(show))})`
  if (Array.isArray(value)) return `[${list(value.map(show))}]`
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${show(field)}`)
  return `{${list(fields.sort())}}`
}

function list(items: readonly string[]): string {
  return items.join(', ')
}
