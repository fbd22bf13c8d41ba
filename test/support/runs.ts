/** How many cases a property is tried with. */

/** The usual number, or many times of it under `npm run test:law`, which sets LAW_FACTOR. */
export const runs = (usual: number): { readonly numRuns: number } => ({
  numRuns: usual * Number(process.env['LAW_FACTOR'] ?? 1),
});
