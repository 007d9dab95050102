import type * as Testcontainers from 'testcontainers';

/**
 * Whether a container engine answers. Found out at once: without one the client throws before it connects.
 * testcontainers is a development dependency; where only production ones are installed there are no containers.
 */
export async function containerEngine(): Promise<
  { testcontainers: typeof Testcontainers } | { why: string }
> {
  try {
    const testcontainers = await import('testcontainers');
    await testcontainers.getContainerRuntimeClient();
    return { testcontainers };
  } catch {
    return { why: 'no container engine answers' };
  }
}
