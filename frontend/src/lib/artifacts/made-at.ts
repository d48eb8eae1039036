/** When a version was made, whichever answer it came in. */
export function madeAtOf(made: { updatedAt: string } | { createdAt: string }): string {
  return "updatedAt" in made ? made.updatedAt : made.createdAt;
}
