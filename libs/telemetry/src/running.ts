interface Ending {
  stop(): Promise<void>;
}

let running: Ending | undefined;

/** Told by whoever has started the SDK: at the end of the process it must send what it still holds. */
export function isRunning(telemetry: Ending): void {
  running = telemetry;
}

/** Sends what is held and ends. Nothing to do where nobody collects. */
export async function stopTelemetry(): Promise<void> {
  await running?.stop();
  running = undefined;
}
