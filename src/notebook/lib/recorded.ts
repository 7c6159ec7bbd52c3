/** The recorded run that ships with the page: what `gap claims` measured. Fetched when its part of the page comes near the window. */
import type { ClaimsFile } from '../../method/claims/file';
import { HintedError, messageOf } from '../../base/errors';

let loading: Promise<ClaimsFile> | null = null;

/** @throws HintedError where it cannot be had. */
export function recordedClaims(): Promise<ClaimsFile> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw new HintedError(`The recorded run could not be loaded: ${messageOf(error)}.`, 'Check the connection and reload the page.');
  });
  return loading;
}

async function load(): Promise<ClaimsFile> {
  const response = await fetch(new URL('recorded/claims.json', document.baseURI));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as ClaimsFile;
}
