/** What an operator does with a database that is not what was written to it, wherever that was found. */
export const buildAnew =
  'keep the state folder, moved out of the way (that folder only, not the log), and start this node again: it builds its database anew from its log and the others, or says what to do when its log begins too late for that'

export interface NodeToAdd {
  readonly id: string
  readonly own: { readonly clientUrl: string; readonly peerUrl: string }
  readonly folder: string
}

/** The log alone does not hold the state any more, and nobody sends it to a member who has the log. */
export function addAnew({ id, own, folder }: NodeToAdd): string {
  const { clientUrl, peerUrl } = own
  return (
    `\`quorail members remove ${id}\` at another node, then keep ${folder} as a whole, moved out of the way, start this node with ` +
    `--join and the address of another in place of --cluster, and \`quorail members add ${id} ${clientUrl} ${peerUrl}\`: ` +
    'the others send it the state. They go on selling meanwhile, and nothing acknowledged is lost.'
  )
}
