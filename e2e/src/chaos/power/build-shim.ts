/** Compiles `shim.c` for this machine. */
import path from 'node:path'
import { compilePreload } from '../../../../tools/testing/c-compiler.ts'
import { WorthlessRun } from '../worthless-run.ts'

/** Into this folder; gives the library. */
export function buildShim(folder: string): string {
  const library = path.join(folder, 'power-shim.so')
  try {
    compilePreload(new URL('shim.c', import.meta.url).pathname, library)
  } catch (error) {
    throw new WorthlessRun(`Without the shim no power is cut: ${String(error)}`)
  }
  return library
}
