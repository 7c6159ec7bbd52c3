/** The sessions of the try-it box, built while nothing else is to be done: the first answer then comes as fast as every later one. */
import type { ChatMessage, Policy } from '../policy/types';

/** Who has waited for the policy asks at once, perhaps, and then not for what would be built here. */
const PAUSE_MS = 100;

/** One token of one answer. What fails here fails again when somebody asks, and is said then. @throws the signal's reason. */
export async function warmUp(policy: Policy, problem: ChatMessage[], signal: AbortSignal): Promise<void> {
  await pause(PAUSE_MS, signal);
  const { tokenizer } = policy;
  const tokens = tokenizer.encode(tokenizer.renderChat(problem));
  const sampling = { n: 1, temperature: 1, topP: 1, seed: 0, purpose: 'warm-up', maxNewTokens: 1, signal };
  try {
    for await (const _ of policy.sample({ prompts: [{ key: 'warm-up', tokens }], ...sampling }));
  } catch {
    signal.throwIfAborted();
  }
}

/** @throws the signal's reason, as soon as there is one. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
  });
}
