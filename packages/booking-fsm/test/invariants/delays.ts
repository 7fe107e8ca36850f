import type { Check } from './check.ts'

export const delayChecks: Readonly<Record<string, Check>> = {
  N3: ({ state, scope }) => {
    if (!scope.touches('delay_compensations', 'compensations')) return undefined
    for (const [bookingId, pays] of state.disruption.delayPays) {
      const backs = state.compensations.get(bookingId) ?? []
      for (const { position, amountMinor } of pays) {
        const back = backs.find((it) => it.position === position)?.amountMinor ?? 0
        if (amountMinor < 0 || amountMinor > back) {
          return `${amountMinor} for a delay, and ${back} back of the fare of ${bookingId}`
        }
      }
    }
    return undefined
  },
}
