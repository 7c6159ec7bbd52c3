/**
 * The settings in the address's hash: only those that differ from the defaults, e.g. '#problems=32&k=4'. The hash comes from outside, so
 * every value is checked; a value that cannot be used is named in a note and ignored.
 */
import type { BackendChoice } from '../../protocol/messages';
import { gapOf, GAPS, worldTask } from '../../tasks/tinymath/gap';
import { BUILT_IN } from './chosen-task';
import { BUNDLED_POLICY, POLICY_FOLDER } from './policy-folder';
import { clampSetting, DEFAULTS, SETTINGS, settingProblem, type SettingValues } from './settings';

export interface HashState {
  values: SettingValues;
  backend: BackendChoice;
  /** Null: as many as the device suggests. */
  threads: number | null;
  /** Folder name under static-models. */
  policy: string;
  /** Key of the task; without one, that of the built-in world. */
  task: string;
}

export { BUNDLED_POLICY };
export const NO_HASH: HashState = { values: { ...DEFAULTS }, backend: 'auto', threads: null, policy: BUNDLED_POLICY, task: BUILT_IN };

const BACKENDS: readonly BackendChoice[] = ['auto', 'wasm', 'webgpu'];
const VERSION = '1';

export function parseHash(hash: string): { state: HashState; problems: string[] } {
  const state: HashState = { ...NO_HASH, values: { ...DEFAULTS } };
  const problems: string[] = [];
  for (const [key, text] of new URLSearchParams(hash.replace(/^#/, ''))) {
    const setting = SETTINGS.find((one) => one.id === key);
    if (setting) {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      const wrong = settingProblem(setting, value);
      if (wrong) problems.push(`${setting.label} in the address (“${text.slice(0, 24)}”) was not usable: ${wrong}`);
      state.values[key] = clampSetting(setting, value);
    } else if (key === 'backend') {
      const choice = BACKENDS.find((one) => one === text);
      if (choice) state.backend = choice;
      else problems.push(`The address asks for the backend “${text.slice(0, 24)}”; known are ${BACKENDS.join(', ')}.`);
    } else if (key === 'threads') {
      const threads = Number(text);
      if (Number.isInteger(threads) && threads >= 1 && threads <= 64) state.threads = threads;
      else problems.push(`The address asks for “${text.slice(0, 24)}” threads; use a whole number from 1 to 64.`);
    } else if (key === 'policy') {
      // Accepts a folder name of this site only, no path and no other host.
      if (POLICY_FOLDER.test(text)) state.policy = text;
      else problems.push('The policy named in the address is not a folder name; the bundled policy is used.');
    } else if (key === 'gap') {
      const gap = GAPS.find((one) => one === text);
      if (gap) state.task = worldTask(gap);
      else problems.push(`The address asks for the expert’s gap “${text.slice(0, 24)}”; there are ${GAPS.join(', ')}.`);
    } else if (key === 'task') {
      if (/^[a-z0-9-]{1,64}(?:\.[0-9a-f]{16})?$/.test(text)) state.task = text;
      else problems.push('The task named in the address is not a task’s name; the built-in world is used.');
    } else if (key !== 'v' && text !== '') {
      problems.push(`The address has a setting “${key.slice(0, 24)}” that this page does not know; it is ignored.`);
    }
  }
  return { state, problems };
}

/** The hash without '#'; empty when every setting has its default. */
export function formatHash({ values, backend, threads, policy, task }: HashState): string {
  const pairs = SETTINGS.filter((setting) => values[setting.id] !== setting.default).map((setting) => [
    setting.id,
    String(values[setting.id]),
  ]);
  if (backend !== NO_HASH.backend) pairs.push(['backend', backend]);
  if (threads !== null) pairs.push(['threads', String(threads)]);
  if (policy !== BUNDLED_POLICY) pairs.push(['policy', policy]);
  const gap = gapOf(task);
  if (gap === null) pairs.push(['task', task]);
  else if (task !== BUILT_IN) pairs.push(['gap', gap]);
  if (pairs.length === 0) return '';
  return new URLSearchParams([['v', VERSION], ...(pairs as [string, string][])]).toString();
}
