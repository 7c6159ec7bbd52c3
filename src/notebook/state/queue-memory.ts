/**
 * The work that this tab was asked for, so that it goes on after a reload. It is kept per tab, because two tabs must not start each other's
 * work.
 */
import { isWorkId, type WorkId } from './work-ids';

const KEY = 'mind-the-gap/queue';

export function saveQueue(ids: readonly WorkId[]): void {
  try {
    if (ids.length > 0) sessionStorage.setItem(KEY, JSON.stringify(ids));
    else sessionStorage.removeItem(KEY);
  } catch {
    // If storage is blocked, work does not go on by itself after a reload.
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
