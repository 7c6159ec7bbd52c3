/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  // Svelte strips types itself; there is nothing else to preprocess.
  compilerOptions: { runes: true },
};
