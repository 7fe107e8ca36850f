import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { doorLimits } from './door-limits.ts'

test('the page for operators has every limit with its figure', () => {
  const page = readFileSync(
    new URL('../../../../docs/operating/front-door.md', import.meta.url),
    'utf8',
  )
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| /gm)]
  expect(Object.fromEntries(rows.map(([, name, figure]) => [name, Number(figure)]))).toEqual(
    doorLimits,
  )
})
