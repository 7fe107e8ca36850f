import { defineConfig, type ViteUserConfig } from 'vitest/config'

/**
 * The vitest configuration of a package. What a test file is called says when it runs:
 *
 *   name.test.ts           `test`          deterministic, in one process; turbo caches its result
 *   name.seeded.test.ts    `test:seeded`   driven by a seed that is new with every run
 *   name.process.test.ts   `test:process`  real processes, real disks, real time; those of e2e/tests: `test:cluster`
 */
export interface TestOptions {
  readonly include?: readonly string[]
  readonly environment?: 'node' | 'happy-dom'
  readonly vite?: Pick<ViteUserConfig, 'plugins' | 'resolve'>
}

const setup = new URL('./setup.ts', import.meta.url).pathname

export function testProjects(options: TestOptions = {}): ViteUserConfig {
  const include = [...(options.include ?? ['src/**/*.test.ts', 'test/**/*.test.ts'])]
  const marked = (mark: string) => include.map((glob) => glob.replace('*.test.', `*.${mark}.test.`))
  const never = ['**/node_modules/**', '**/dist/**', '**/.next/**']
  const kind = (
    name: string,
    files: string[],
    seed: string,
    timeout: number,
    without: string[],
  ) => ({
    ...options.vite,
    test: {
      name,
      include: files,
      exclude: [...never, ...without],
      environment: options.environment ?? 'node',
      setupFiles: [setup],
      testTimeout: timeout,
      hookTimeout: timeout,
      // What comes late on a busy machine comes; vitest's own second would make a failure of it.
      expect: { poll: { timeout: 30_000 } },
      env: { QUORAIL_SEED: seed },
    },
  })
  const given = process.env.QUORAIL_SEED
  const drawn =
    given ?? process.env.QUORAIL_RUN_SEED ?? String(1 + Math.floor(Math.random() * 2 ** 31))
  return defineConfig({
    test: {
      passWithNoTests: true,
      // Tests that kill processes and look at the clock do so one after the other.
      fileParallelism: !process.argv.includes('process'),
      // The end of `npm test` counts from these files; the cached ones come back with the cache.
      reporters: ['default', ['json', { outputFile: `.reports/${reportName()}.json` }]],
      projects: [
        kind('unit', include, given ?? '1', 180_000, [...marked('seeded'), ...marked('process')]),
        kind('seeded', marked('seeded'), drawn, 600_000, []),
        // What fails says so itself, long before; this is for what hangs, on a machine that does ten things at once.
        kind('process', marked('process'), drawn, 300_000, []),
      ],
    },
  })
}

/** The package's script that runs: test:seeded writes .reports/test-seeded.json. */
function reportName(): string {
  const script = process.env.npm_lifecycle_event
  return script?.startsWith('test') ? script.replaceAll(':', '-') : 'by-hand'
}
