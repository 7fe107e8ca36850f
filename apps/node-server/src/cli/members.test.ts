import { expect, test } from 'vitest'
import { clusterIdOf, parseMembers } from './members.ts'

const text =
  'n2=http://localhost:3002,http://localhost:3012;n1=http://localhost:3001,http://localhost:3011;'

test('members are sorted by name, whatever the order they were given in', () => {
  expect(parseMembers(text)).toEqual([
    { id: 'n1', clientUrl: 'http://localhost:3001', peerUrl: 'http://localhost:3011' },
    { id: 'n2', clientUrl: 'http://localhost:3002', peerUrl: 'http://localhost:3012' },
  ])
})

test('the id of the cluster is the same for all founders, and another for another cluster', () => {
  const [one, two] = text.split(';')
  expect(clusterIdOf(parseMembers(`${two};${one}`))).toBe(clusterIdOf(parseMembers(text)))
  expect(clusterIdOf(parseMembers(text))).toMatch(/^[0-9a-f]{32}$/)
  expect(clusterIdOf(parseMembers(text.replace('3011', '3021')))).not.toBe(
    clusterIdOf(parseMembers(text)),
  )
})

test.each([
  ['', 'names no member'],
  ['n1', '"n1" in --cluster is not a member'],
  ['n1=http://a:1', 'is not a member'],
  ['n1=ftp://a:1,http://a:2', '"ftp://a:1" is no address'],
  ['n1=http://a:1/path,http://a:2', 'is no address'],
  ['n 1=http://a:1,http://a:2', 'is no name for a node'],
  ['nœud=http://a:1,http://a:2', '"nœud" is no name for a node: up to 64 letters (a to z, A to Z)'],
  [`${'n'.repeat(65)}=http://a:1,http://a:2`, 'is no name for a node'],
  ['n1=http://a:1,http://a:2;n1=http://b:1,http://b:2', 'the same id twice'],
  ['n1=http://a:1,http://a:2;n2=http://a:1,http://b:2', 'the same clientUrl twice'],
])('%j is refused: %s', (cluster, problem) => {
  expect(() => parseMembers(cluster)).toThrow(problem)
})
