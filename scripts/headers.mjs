/** The response headers the page wants, in one place: servers, the `_headers` file of a build, and the page's own <meta>. */

/** Cross-origin isolation, which threads inside a WebAssembly runtime need: the peers of the bench, not the page. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Scripts only from our own files; WebAssembly may be compiled. `https:` in connect-src is for what a reader asks for by hand (a model or a
 * data set of the Hugging Face Hub); the page itself fetches nothing from elsewhere. Style attributes position marks in figures and formulas.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' https:",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The `_headers` file that Netlify, Cloudflare Pages and others read. */
export function headersFile() {
  const everywhere = { 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'X-Content-Type-Options': 'nosniff' };
  const lines = Object.entries(everywhere).map(([name, value]) => `  ${name}: ${value}`);
  return ['/*', ...lines, '', '/assets/*', '  Cache-Control: public, max-age=31536000, immutable', ''].join('\n');
}
