import { expect, test } from 'vitest'
import { repositoryFolder } from '../product/repository.ts'
import { dependenciesRule } from './rules/dependencies.ts'
import { longFileWarnings } from './rules/file-length.ts'
import { focusedTestsRule } from './rules/focused-tests.ts'
import { importTableRule } from './rules/import-table.ts'
import { linksRule } from './rules/links.ts'
import { machinePathsRule } from './rules/machine-paths.ts'
import { purityRule } from './rules/purity.ts'
import { openTree } from './tree.ts'
import { writeWarnings } from './warnings.ts'

const tree = openTree(repositoryFolder)

test.each([
  ['packages import only whom they may', importTableRule],
  ['raft-core and booking-fsm are pure', purityRule],
  ['no test is left out', focusedTestsRule],
  ['no path of one machine', machinePathsRule],
  ['links of the documents lead somewhere', linksRule],
  ['dependencies are catalogued and explained', dependenciesRule],
])('%s', (_name, rule) => {
  const findings = rule(tree).map(({ file, line, message }) => `${file}:${line} ${message}`)
  expect(findings).toEqual([])
})

test('files longer than 400 lines are shown at the end of the run', () => {
  writeWarnings(repositoryFolder, longFileWarnings(tree))
})
