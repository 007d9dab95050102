const PATIENCE_MS = 30_000;

/** Reads again and again until so many are found, or it has been long enough; what is missing shows in the figures. */
export async function untilAll(read: () => Promise<number>, wanted: number): Promise<number> {
  const by = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await read();
    if (found >= wanted || performance.now() > by) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
