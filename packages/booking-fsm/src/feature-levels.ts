/**
 * What the rules of a log entry depend on besides the state: never the version of the program, always
 * the level that an entry has set. A change of what an existing command does gets a new level.
 *
 * 1: as first released. 2: tariffs, tables of charges, trips, and what came with them.
 * 3: the audit names inspections, secured sessions, guests' links, and what time does to money;
 * an entry in a draw keeps what its passengers say of themselves;
 * guests have no second factor; chargebacks; another calendar for a train that is on
 * sale.
 */
export const LATEST_FEATURE_LEVEL = 3
