import { expect, test } from 'vitest'
import { certs } from './certs.ts'

test.each([
  [['--out', 'x'], 'Give --cluster or --nodes'],
  [['--nodes', 'n1'], '--out is missing'],
  [['--out', 'x', '--nodes', '../n1'], 'is no name for a node'],
  [['--out', 'x', '--nodes', 'n1', '--hosts', 'https://a'], 'without scheme and port'],
  [['--out', 'x', '--nodes', 'n1', '--days', '0'], 'from 1 to 3650'],
  [['--out', 'x', '--nodes', 'n1', '--cluster-id', 'X'], '32 hexadecimal digits'],
  [['add', '--out', 'x'], 'quorail certs add NODE'],
  [['show', '--out', '/nowhere/at/all'], 'holds no certificates'],
  [['remove'], 'There is no "certs remove"'],
])('%j is refused', async (words, problem) => {
  await expect(certs(words)).rejects.toThrow(new RegExp(problem))
})
