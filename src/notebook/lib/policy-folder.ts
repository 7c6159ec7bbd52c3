/** Folder under static-models that is loaded when the address names none. */
export const BUNDLED_POLICY = 'base';
/** A folder of this site and nothing else: no path, no other host. */
export const POLICY_FOLDER = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
/** The bundled policy of earlier versions, whose runs may be stored in this browser. */
export const RETIRED_POLICY = 'tinymath';
