import { MUTANTS } from './mutants.ts'
import { hunt } from './run-mutant.ts'

const re = new RegExp(process.argv[2] ?? '.')
for (const m of MUTANTS.filter(({ name }) => re.test(name))) {
  const h = await hunt(m.changes, Number(process.argv[3] ?? 1), 150)
  console.log(
    h.found ? 'caught' : 'SURVIVES',
    '|',
    m.name,
    '|',
    h.histories,
    h.entries,
    '|',
    h.found.split('\n')[0]?.slice(0, 150),
  )
}
