import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes the names in a folder durable: a file that was synced is still lost if its name is. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
