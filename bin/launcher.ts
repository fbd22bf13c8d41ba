/** Notices when what has started this process through npm is gone. */

const CHECK_MS = 200;

/**
 * Resolves when the launcher has ended. `npx kt` puts npm and a shell between the caller and this process, and neither
 * hands a SIGTERM on: without this, who ends npx leaves the gateway behind. Never resolves when npm did not start us,
 * so that `kt … &` outlives its shell as usual. Keeps no process alive.
 */
export function launcherGone(variables: Readonly<Record<string, string | undefined>>): Promise<void> {
  return new Promise((resolve) => {
    if (variables['npm_lifecycle_event'] === undefined) return;
    const launcher = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === launcher) return;
      clearInterval(timer);
      resolve();
    }, CHECK_MS).unref();
  });
}
