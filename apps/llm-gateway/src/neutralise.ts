const controls =
  /<\|[^|>]{0,40}\|>|<\/?(?:tool_call|tool_response|tools|think|s)>|\[\/?INST\]|<<\/?SYS>>/gi

/**
 * Takes the power out of text that would become control tokens of a model (`<|im_start|>` and its
 * like): llama.cpp's server turns them into the real thing wherever they stand in a message.
 */
export function neutralise(text: string): string {
  return text.replace(controls, (control) => control.replace(/[<[]/g, (c) => `${c}\u200B`))
}
