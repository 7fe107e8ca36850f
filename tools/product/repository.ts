import { fileURLToPath } from 'node:url'

/** The folder of the clone: every command of the product is given relative to it. */
export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
