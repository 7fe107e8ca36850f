import type { AnyQuery, ReportRows } from './report-queries.ts'
import type { ReportReader } from './report-reader.ts'

/** The database is about so far behind the log when nothing is wrong. */
const patienceMs = 3_000
const lookAgainMs = 50

/** Once the database has what the state has at the index; after some seconds as it is. */
export async function readSettled(
  reports: ReportReader,
  query: AnyQuery,
  atLeast: number,
): Promise<ReportRows> {
  const until = Date.now() + patienceMs
  let found = await reports.read(query)
  while (found.index < atLeast && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
    found = await reports.read(query)
  }
  return found
}
