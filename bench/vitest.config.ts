import { testProjects } from '../tools/testing/vitest-projects.ts'

export default testProjects()
