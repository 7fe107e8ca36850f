import type { SnapshotInfo } from '../ports.ts'

/** Names of a snapshot's files; those of the log are others, so that both may share a folder. */
const COMPLETE = /^\d{16}-([0-9a-f]{32})\.snapshot$/
const FETCHED = /^([0-9a-f]{32})\.fetching$/
const CAPTURED = /^([0-9a-f]{32})\.capturing$/

export function completeName({ id, mark }: SnapshotInfo): string {
  return `${String(mark.index).padStart(16, '0')}-${id}.snapshot`
}

/** While it is fetched; kept over restarts. */
export function fetchedName(id: string): string {
  return `${id}.fetching`
}

/** While it is captured; of no use after a restart. */
export function capturedName(id: string): string {
  return `${id}.capturing`
}

export interface NamedFile {
  readonly kind: 'complete' | 'fetched' | 'captured'
  readonly name: string
  readonly id: string
}

/** The snapshots' files among the names in a folder. */
export function snapshotFiles(names: readonly string[]): readonly NamedFile[] {
  const found: NamedFile[] = []
  for (const name of names) {
    const add = (kind: NamedFile['kind'], match: RegExpExecArray | null): void => {
      if (match !== null) found.push({ kind, name, id: match[1] as string })
    }
    add('complete', COMPLETE.exec(name))
    add('fetched', FETCHED.exec(name))
    add('captured', CAPTURED.exec(name))
  }
  return found
}
