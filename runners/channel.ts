import type { ChildProcess } from 'node:child_process';
import type { Frame } from '../contract/control.ts';

/** Carries frames between two processes: Node's IPC here, a network later. */
export interface Channel {
  send(frame: Frame): void;
  onFrame(listener: (frame: Frame) => void): void;
  /** Called once, with the reason, when nothing can arrive any more. */
  onClose(listener: (reason: string) => void): void;
}

function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** The coordinator's end of a child's channel. */
export function childChannel(child: ChildProcess): Channel {
  return {
    send: (frame) => {
      // A child that died between two messages is reported by onClose, not by this write.
      if (child.connected) child.send(frame, () => {});
    },
    onFrame: (listener) => {
      child.on('message', (value) => {
        if (isFrame(value)) listener(value);
      });
    },
    onClose: (listener) => {
      child.once('exit', (code, signal) =>
        listener(signal === null ? `exit code ${code}` : `killed by ${signal}`),
      );
      child.once('error', (error) => listener(error.message));
    },
  };
}

/** The role's end. */
export function parentChannel(): Channel {
  return {
    send: (frame) => {
      if (process.connected) process.send?.(frame, undefined, undefined, () => {});
    },
    onFrame: (listener) => {
      process.on('message', (value) => {
        if (isFrame(value)) listener(value);
      });
    },
    onClose: (listener) => {
      process.once('disconnect', () => listener('the coordinator is gone'));
    },
  };
}
