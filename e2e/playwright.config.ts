import { defineConfig, devices } from '@playwright/test'
import { findBrowser } from '../tools/browser.ts'

const browser = findBrowser()

export default defineConfig({
  testDir: './tests',
  // *.process.test.ts beside them are vitest's.
  testMatch: '**/*.spec.ts',
  // Each test has a cluster of seven processes, and what it measures is time.
  workers: 1,
  fullyParallel: false,
  // What passes only sometimes does not pass.
  retries: 0,
  // What fails says so; these are for what hangs, on a machine that does ten things at once.
  timeout: 300_000,
  expect: { timeout: 45_000 },
  reporter: [['list'], ['json', { outputFile: '.reports/test-browser.json' }]],
  outputDir: 'test-results',
  forbidOnly: true,
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...('path' in browser ? { executablePath: browser.path } : {}),
      // As root, in a container or on a build machine, Chromium's own sandbox can not start.
      args: ['--no-sandbox'],
    },
  },
})
