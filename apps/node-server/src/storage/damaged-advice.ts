/** What an operator does with a database that is not what was written to it, wherever that was found. */
export const buildAnew =
  'keep the state folder, moved out of the way (that folder only, not the log), and start this node again: it builds its database anew from its log and the others'
