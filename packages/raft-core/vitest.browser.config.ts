/**
 * The unit tests once more, in a real Chromium: nothing that they reach may need Node. Tests of files
 * and sockets are `*.process.test.ts` and stay outside.
 */
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumPath } from '../../tools/testing/chromium.ts'

export default defineConfig({
  // The only thing of Node that tests ask for; anything else is missed, as it should be.
  define: { 'process.env.QUORAIL_SEED': JSON.stringify(process.env.QUORAIL_SEED ?? '1') },
  // Known beforehand: what is found while tests run makes the page load anew.
  optimizeDeps: { include: ['fast-check'] },
  test: {
    name: 'browser',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.seeded.test.ts', '**/*.process.test.ts'],
    setupFiles: ['../../tools/testing/setup.ts'],
    testTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.reports/test-chromium.json' }]],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      // As root, in a container or on a build machine, Chromium's own sandbox can not start.
      provider: playwright({
        launchOptions: { executablePath: chromiumPath(), args: ['--no-sandbox'] },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
