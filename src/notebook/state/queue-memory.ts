/** What this tab was asked to compute, so that a reload in the middle goes on by itself. Per tab: two tabs do not start each other's work. */
import { isWorkId, type WorkId } from './work-ids';

const KEY = 'mind-the-gap/queue';

export function saveQueue(ids: readonly WorkId[]): void {
  try {
    if (ids.length > 0) sessionStorage.setItem(KEY, JSON.stringify(ids));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Blocked storage only costs the automatic start after a reload.
  }
}

export function loadQueue(): WorkId[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isWorkId) : [];
  } catch {
    return [];
  }
}
