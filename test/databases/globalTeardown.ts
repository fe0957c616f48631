/** After all tests: stops the servers, and says once more what the run has left out. */
export default async function globalTeardown(): Promise<void> {
  const run = globalThis.switchyardTestRun;
  if (run === undefined) return;
  await run.servers.stop();
  await run.guard.finish();
  for (const warning of run.warnings) console.log(warning);
}
