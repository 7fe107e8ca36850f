import { testProjects } from '../tools/testing/vitest-projects.ts'

// The browser's tests (*.spec.ts) are Playwright's.
export default testProjects({ include: ['tests/**/*.test.ts', 'src/**/*.test.ts'] })
