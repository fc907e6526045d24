/** AssemblyScript compiled to WebAssembly, in Base64. */
declare module '*.as.ts?wasm' {
  const base64: string;
  export default base64;
}
