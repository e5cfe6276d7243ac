import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits for a line, which is the word that all is over. The end of the input without one is the end of this process, however it came:
 * then the group is killed, and who left it for one of its own but is of the same session (the fourth field behind the name in
 * /proc/PID/stat, proc(5)).
 */
const SCRIPT = `
read -r word && exit 0
kill -KILL "-$1"
for stat in /proc/[0-9]*/stat; do
  read -r line < "$stat" || continue
  pid=\${stat#/proc/}
  set -- "$1" \${line##*) }
  [ "$5" = "$1" ] && kill -KILL "\${pid%/stat}"
done
`;

/** Ends a process group with this process, even where that is killed outright and the kernel tells only its own children. */
export class Watchdog {
  readonly #shell: ChildProcess;

  /** @param group of processes; leads a session as well */
  constructor(group: number) {
    // In a session of its own, out of reach of the terminal's Ctrl-C; in no folder that somebody may want to remove.
    this.#shell = spawn('sh', ['-c', SCRIPT, 'sh', String(group)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    // Without a shell nothing was started that it could watch; one that somebody killed needs no word any more.
    this.#shell.on('error', () => {});
    this.#shell.stdin?.on('error', () => {});
  }

  /** All is over: it ends without doing anything. */
  async dismiss(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#shell;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = once(this.#shell, 'exit');
    this.#shell.stdin?.end('over\n');
    await gone;
  }
}
