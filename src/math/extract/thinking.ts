/** The marks of the families of models that think aloud (tags, special tokens, [THINK], ◁think▷); the group is set on those that close. */
const MARK =
  /<(\/)?(?:think|thinking|thought|reasoning|scratchpad)>|<\|(?:begin|(end))_of_(?:thought|thinking)\|>|\[(\/)?THINK\]|◁(\/)?think▷/gi;

/**
 * What a response says outside its thinking blocks. A block that is never closed hides the rest; a closing mark without an opening one (the
 * opening was part of the prompt) hides all before it.
 */
export function withoutThinking(response: string): string {
  if (response.includes('<|channel|>')) return finalChannel(response);
  let visible = '';
  let from = 0;
  let depth = 0;
  for (const mark of response.matchAll(MARK)) {
    const closes = mark.slice(1).some((group) => group !== undefined);
    if (!closes) {
      if (depth++ === 0) visible += response.slice(from, mark.index);
    } else if (depth === 0) visible = '';
    else depth--;
    from = mark.index + mark[0].length;
  }
  return depth === 0 ? visible + response.slice(from) : visible;
}

/** In the format with channels, only what is said in the final one. */
function finalChannel(response: string): string {
  const start = response.lastIndexOf('<|channel|>final');
  if (start < 0) return response.slice(0, response.indexOf('<|channel|>'));
  const message = response.indexOf('<|message|>', start);
  return message < 0 ? '' : response.slice(message + '<|message|>'.length);
}

/** Cuts at the first special token of a chat template after some text: what follows is another turn. */
export function firstTurn(text: string): string {
  for (const match of text.matchAll(
    /<\|(?:im_start|im_end|endoftext|end_of_text|eot_id|end|return|start|start_header_id|user|assistant)\|>|<\/s>/g,
  )) {
    if (text.slice(0, match.index).trim()) return text.slice(0, match.index);
  }
  return text;
}
