/** Milliseconds, the same in all processes of a machine. */
export const clockMs = (): number => performance.timeOrigin + performance.now()
