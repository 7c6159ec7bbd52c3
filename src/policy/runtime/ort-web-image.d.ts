/** The address of the runtime's image, by scripts/vite/ort-image.ts. */
declare module 'virtual:ort-image' {
  const url: string;
  export default url;
}
