import { mergeConfig } from 'vitest/config'
import { testProjects } from '../../tools/testing/vitest-projects.ts'

const mostBranches = { branches: 95 }

export default mergeConfig(testProjects(), {
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'src/wal/**', 'src/runtime/**'],
      // The adapters to Node are tested with real files, in the process tests.
      exclude: ['**/*.test.ts', '**/index.ts', 'src/wal/node-fs*.ts'],
      reporter: ['text-summary', 'json'],
      reportsDirectory: '.reports/coverage',
      thresholds: {
        'src/core/**': mostBranches,
        'src/wal/**': mostBranches,
        'src/runtime/**': mostBranches,
      },
    },
  },
})
