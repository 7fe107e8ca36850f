/** What the cases of the log store's suite share. */
import type { LogFounding } from '../ports.ts'
import type { LogWrite } from '../types.ts'
import { check, HISTORIES, JOINING_HISTORIES, type LogPicture } from './log-history.ts'

/** Of a founder of a cluster. */
export const FOUNDING: LogFounding = {
  genesis: { clusterId: '0123456789abcdef0123456789abcdef', members: ['n1', 'n2', 'n3'] },
  incarnation: 'fedcba9876543210fedcba9876543210',
}

/** Of a node that waits to be added to one. */
export const JOINING: LogFounding = {
  genesis: undefined,
  incarnation: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
}

type SuiteHistory = readonly [string, readonly LogWrite[], LogFounding]

/** All histories, each with what its log is founded with. */
export const SUITE_HISTORIES: readonly SuiteHistory[] = [
  ...Object.entries(HISTORIES).map((named): SuiteHistory => [...named, FOUNDING]),
  ...Object.entries(JOINING_HISTORIES).map((named): SuiteHistory => [...named, JOINING]),
]

export async function mustFail(promise: Promise<unknown>, what: string): Promise<void> {
  const failed = await promise.then(
    () => false,
    () => true,
  )
  check(failed, `${what} succeeded`)
}

export function isSamePicture(a: LogPicture, b: LogPicture): boolean {
  return showPicture(a) === showPicture(b)
}

export function samePicture(actual: LogPicture, expected: LogPicture, when: string): void {
  check(
    isSamePicture(actual, expected),
    `${when}: ${showPicture(actual)}, expected ${showPicture(expected)}`,
  )
}

export function showPicture(picture: LogPicture): string {
  return JSON.stringify(picture)
}
