/** raft-core as it is built, or from another folder: so that two versions can be compared in one run. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../options.ts'

export interface RaftCoreDoors {
  readonly core: typeof import('@quorail/raft-core/core')
  /** Loaded when it is asked for: what is about the core alone runs without it. */
  runtime(): Promise<RuntimeDoors>
}

export interface RuntimeDoors {
  readonly main: typeof import('@quorail/raft-core')
  readonly testing: typeof import('@quorail/raft-core/testing')
  readonly tcp: typeof import('@quorail/raft-core/tcp')
}

/** `source`: a copy of raft-core's `src` folder. Throws `UsageError` if it is none. */
export async function openDoors(source: string | undefined): Promise<RaftCoreDoors> {
  if (source === undefined) {
    return {
      core: await import('@quorail/raft-core/core'),
      runtime: async () => ({
        main: await import('@quorail/raft-core'),
        testing: await import('@quorail/raft-core/testing'),
        tcp: await import('@quorail/raft-core/tcp'),
      }),
    }
  }
  const folder = path.resolve(source)
  const door = (name: string) => {
    const file = path.join(folder, name)
    if (!existsSync(file)) {
      throw new UsageError(`${folder} is no copy of raft-core's src folder: ${name} is not there.`)
    }
    return import(pathToFileURL(file).href)
  }
  return {
    core: await door('core/index.ts'),
    runtime: async () => ({
      main: await door('index.ts'),
      testing: await door('testing/index.ts'),
      tcp: await door('tcp/index.ts'),
    }),
  }
}
