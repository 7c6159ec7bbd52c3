/** Failures of the browser's storage in words a reader can act on. */
import { HintedError, messageOf } from '../base/errors';

export type StorageProblem = 'unavailable' | 'full' | 'blocked' | 'newer' | 'closed' | 'failed';

export class StorageError extends HintedError {
  override readonly name = 'StorageError';
  readonly problem: StorageProblem;
  constructor(problem: StorageProblem, message: string, hint: string, cause?: unknown) {
    super(message, hint, { cause });
    this.problem = problem;
  }
}

/** Any error thrown by IndexedDB → a StorageError. `doing` completes "The browser could not …". */
export function storageError(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const detail = messageOf(error);
  switch (name) {
    case 'QuotaExceededError':
      return new StorageError(
        'full',
        `The browser has no room left for this page: it could not ${doing}. Nothing stored before is lost.`,
        'Delete old runs here or free disk space, then continue.',
        error,
      );
    case 'VersionError':
      return new StorageError(
        'newer',
        'This browser holds results of a newer version of this page, which this version cannot read.',
        'Reload the page to get the newer version.',
        error,
      );
    case 'InvalidStateError':
    case 'AbortError':
      return new StorageError(
        'closed',
        `The browser closed this page's storage: it could not ${doing} (${detail || name}).`,
        'Reload the page. If it happens again, the disk may be full or the site data is being cleared.',
        error,
      );
    case 'SecurityError':
    case 'NotAllowedError':
      return new StorageError(
        'unavailable',
        'The browser does not let this page store anything (private mode or blocked site data).',
        'Allow site data for this page, or leave the private window, to keep results after a reload.',
        error,
      );
    default:
      return new StorageError(
        'failed',
        `The browser could not ${doing}: ${detail}`,
        'Reload the page; results stored before are kept.',
        error,
      );
  }
}
