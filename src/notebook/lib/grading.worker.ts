/** Grades outside the page's thread: the grader is fetched only when needed, and no input can block the page. */
import { messageOf } from '../../base/errors';
import { alternatives, extractAnswer, gradeText, resolveOptions } from '../../math';
import type { GradingReply, GradingRequest } from './grading';

addEventListener('message', (event: MessageEvent<GradingRequest>) => {
  event.ports[0]?.postMessage(reply(event.data));
});

function reply({ kind, gold, text, options }: GradingRequest): GradingReply {
  try {
    const { unboxed } = resolveOptions(options);
    const { source } = extractAnswer(text, unboxed);
    return { verdict: gradeText(kind, gold, text, options), source, alternatives: alternatives(kind, gold, text, options) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
