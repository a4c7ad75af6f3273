declare module 'sentiment/languages/en/index.js' {
  const english: { readonly labels: Readonly<Record<string, number>> };
  export = english;
}
