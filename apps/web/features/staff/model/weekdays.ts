/** Monday is bit 0, as on the wire. */
export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

export const everyDay = 0b111_1111

export function hasDay(bits: number, day: number): boolean {
  return (bits & (1 << day)) !== 0
}

export function toggleDay(bits: number, day: number): number {
  return bits ^ (1 << day)
}
