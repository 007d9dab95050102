// The run's own number: parts that a spec starts on demand live as long as this process (src/parts.ts).
export default function markRun() {
  process.env.HEED_TEST_RUN = String(process.pid);
}
