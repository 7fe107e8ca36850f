import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { testProjects } from '../../tools/testing/vitest-projects.ts'

export default testProjects({
  include: ['**/*.test.{ts,tsx}'],
  environment: 'happy-dom',
  vite: {
    plugins: [react()],
    resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  },
})
