// The marks of the families of models that think aloud: tags, special tokens, [THINK], ◁think▷.
const OPENING = /<(?:think|thinking|thought|reasoning|scratchpad)>|<\|(?:begin_of_thought|begin_of_thinking)\|>|\[THINK\]|◁think▷/gi;
const CLOSING = /<\/(?:think|thinking|thought|reasoning|scratchpad)>|<\|(?:end_of_thought|end_of_thinking)\|>|\[\/THINK\]|◁\/think▷/gi;

/**
 * What a response says outside its thinking blocks. A block that is never closed hides the rest; a closing mark without an opening one (the
 * opening was part of the prompt) hides all before it.
 */
export function withoutThinking(response: string): string {
  if (response.includes('<|channel|>')) return finalChannel(response);
  const marks = [
    ...[...response.matchAll(OPENING)].map((match) => ({ at: match.index, end: match.index + match[0].length, open: true })),
    ...[...response.matchAll(CLOSING)].map((match) => ({ at: match.index, end: match.index + match[0].length, open: false })),
  ].sort((a, b) => a.at - b.at);
  if (marks.length === 0) return response;
  let visible = '';
  let from = 0;
  let depth = 0;
  for (const mark of marks) {
    if (mark.open) {
      if (depth++ === 0) visible += response.slice(from, mark.at);
    } else if (depth === 0) visible = '';
    else depth--;
    from = mark.end;
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
