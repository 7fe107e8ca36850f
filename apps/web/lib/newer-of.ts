/** What is shown does not go back: an answer and a stream may come from different nodes. */
export function newerOf<Answer extends { readonly index: bigint }>(
  known: Answer | undefined,
  next: Answer,
): Answer {
  return known !== undefined && known.index > next.index ? known : next
}
