/** Why staff did what the rules alone would not have done. It stands in the audit. */
export type OverrideReason =
  | 'strike'
  | 'disruption'
  | 'connectionBroken'
  | 'technicalFailure'
  | 'staffError'
  | 'goodwill'
  | 'medical'
  | 'other'
