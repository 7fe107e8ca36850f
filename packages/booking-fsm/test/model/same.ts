/** Whether two values of plain data are equal at first sight: false where it would have to be looked at more closely. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return false
  }
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other)
  if (Array.isArray(other) || !isPlain(one) || !isPlain(other)) return false
  return isSameObject(one as Plain, other as Plain)
}

type Plain = Readonly<Record<string, unknown>>

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (!isSame(one[at], other[at])) return false
  return true
}

/** What is absent is not the same as what is undefined: that is looked at more closely. */
function isSameObject(one: Plain, other: Plain): boolean {
  let count = 0
  for (const name in one) {
    if (!isSame(one[name], other[name]) || !(name in other)) return false
    count++
  }
  for (const _ in other) count--
  return count === 0
}
