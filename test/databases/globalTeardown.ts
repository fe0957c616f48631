/** After all tests: stops the servers, and says once more what the run has left out. */
export default async function globalTeardown(): Promise<void> {
  const run = globalThis.switchyardTestServers;
  if (run === undefined) return;
  await run.servers.stop();
  for (const warning of run.warnings) console.log(warning);
}
