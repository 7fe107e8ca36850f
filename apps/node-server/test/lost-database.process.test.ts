/** A node whose database is lost, and whose log does not reach back to the beginning, as an operator brings it back. */
import { execFile } from 'node:child_process'
import { renameSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { register } from './people.ts'
import { eventually } from './waiting.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** What the node has printed between backquotes. */
const commands = (text: string): readonly string[][] =>
  [...text.matchAll(/`quorail ([^`]+)`/g)].map(([, words = '']) => words.split(' '))

const compacted = /"type":"compacted"[^}]*"index":[1-9]/

test('a database that is lost behind a compacted log comes from the others, by what the node says', async () => {
  await using cluster = await TestCluster.start({
    nodeArguments: ['--retain-log-mib', '0'],
  })
  const quorail = (words: readonly string[]) =>
    promisify(execFile)(process.execPath, [
      ...[main, ...words, '--cluster', cluster.cluster, '--data', cluster.folder],
    ])
  await register(cluster)
  const { client, peer } = await cluster.startJoining('n4')
  await quorail(['members', 'add', 'n4', client, peer])
  await eventually(async () => {
    await register(cluster)
    expect(cluster.log('n4')).toMatch(compacted)
  }, 150_000)

  await cluster.stopOne('n4')
  const data = cluster.dataFolder('n4')
  renameSync(path.join(data, 'state'), `${data}.state`)
  await expect(cluster.start('n4')).rejects.toThrow('ended with code 3')
  const said = cluster
    .log('n4')
    .split('\n')
    .findLast((line) => line.includes('What to do: '))
  expect(said).toContain('the log begins behind entry')
  const [remove = [], add = []] = commands(said ?? '')
  expect([remove, add]).toEqual([
    ['members', 'remove', 'n4'],
    ['members', 'add', 'n4', client, peer],
  ])

  await quorail(remove)
  renameSync(data, `${data}.kept`)
  await cluster.start('n4')
  await quorail(add)
  await register(cluster)
  await eventually(async () => expect((await fetch(`${client}/readyz`)).status).toBe(200), 60_000)
  await eventually(async () => {
    const nodes = await cluster.status()
    expect(nodes.map(({ id }) => id)).toContain('n4')
    expect(new Set(nodes.map((node) => `${node.hashIndex} ${node.stateHash}`)).size).toBe(1)
  })
}, 300_000)
