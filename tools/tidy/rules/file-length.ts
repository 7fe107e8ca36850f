import { isSource, type Tree } from '../tree.ts'

export const mostLines = 400

/** Files that are longer for a reason. */
export const longFiles: Readonly<Record<string, string>> = {
  'packages/raft-core/src/runtime/driver.ts':
    'one turn of the loop and the answers to it share one state; apart, they would hand all of it to each other',
  'packages/raft-core/src/simulation/simulated-node.ts':
    'all lives of one member: what starts, ends and watches one shares what is remembered over all of them',
  ...longTests(
    'packages/raft-core/src/core/membership-changes.test.ts',
    'packages/raft-core/src/core/snapshots.test.ts',
    'packages/raft-core/src/describe/describe.test.ts',
    'packages/raft-core/src/runtime/snapshots.test.ts',
    'packages/raft-core/src/sessions/raft-session.test.ts',
    'packages/raft-core/src/sessions/session-machine.test.ts',
    'packages/raft-core/src/testing/transport-suite.test.ts',
  ),
}

/** Cases of one subject over one setting, each short: a second file would be a second setting. */
function longTests(...files: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [file, 'many short cases of one subject']))
}

/** No failures but warnings: a long file is a question, not a mistake. */
export function longFileWarnings(
  tree: Tree,
  reasons: Readonly<Record<string, string>> = longFiles,
): readonly string[] {
  const warnings: string[] = []
  for (const file of tree.files.filter(isSource)) {
    const lines = tree.read(file).split('\n').length - 1
    if (lines > mostLines && !(file in reasons))
      warnings.push(`${file} has ${lines} lines: would a newcomer see one idea in it?`)
  }
  for (const file of Object.keys(reasons))
    if (!tree.has(file)) warnings.push(`${file} is listed as long (tools/tidy), and is not there.`)
  return warnings
}
