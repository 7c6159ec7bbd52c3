/** The address of the runtime's image, by scripts/vite/ort-image.ts; null where none is made. */
declare module 'virtual:ort-image' {
  const url: string | null;
  export default url;
}
