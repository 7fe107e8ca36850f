/** Why staff set aside what the rules say. */

export type Reason =
  | 'strike'
  | 'disruption'
  | 'connectionBroken'
  | 'technicalFailure'
  | 'staffError'
  | 'goodwill'
  | 'medical'
  | 'other'

export const reasons: readonly Reason[] = [
  'strike',
  'disruption',
  'connectionBroken',
  'technicalFailure',
  'staffError',
  'goodwill',
  'medical',
  'other',
]
