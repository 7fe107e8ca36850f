import { testProjects } from './testing/vitest-projects.ts'

export default testProjects({ include: ['**/*.test.ts'] })
