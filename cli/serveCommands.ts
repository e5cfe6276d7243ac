import type { ClientFiles } from './serveSecurity.ts';

/** How the usual programs get in, as words of a shell command with a blank at the end. */
export interface ClientWords {
  readonly curl: string;
  readonly grpcurl: string;
}

/** @param files null: the server is plain */
export function clientWords(files: ClientFiles | null): ClientWords {
  if (files === null) return { curl: '', grpcurl: '-plaintext ' };
  const { ca, own } = files;
  const curl = `--cacert ${quoted(ca)} `;
  const grpcurl = `-cacert ${quoted(ca)} `;
  if (own === null) return { curl, grpcurl };
  const [certificate, key] = [quoted(own.certificate), quoted(own.privateKey)];
  const token = `-H "Authorization: Bearer $(cat ${quoted(own.token)})" `;
  return {
    curl: `${curl}--cert ${certificate} --key ${key} ${token}`,
    grpcurl: `${grpcurl}-cert ${certificate} -key ${key} ${token}`,
  };
}

/** A command that prints what a WebSocket says. */
export function webSocketCommand(stream: string, files: ClientFiles | null): string {
  if (files === null) {
    return `npx node -e 'new WebSocket("${stream}").onmessage = ({ data }) => console.log(data)'`;
  }
  const { ca, own } = files;
  const read = (path: string): string => `read(${JSON.stringify(path)})`;
  const identity =
    own === null
      ? ''
      : `, cert: ${read(own.certificate)}, key: ${read(own.privateKey)}, headers: { authorization: "Bearer " + ${read(own.token)}.trim() }`;
  const script = [
    'const read = (path) => require("fs").readFileSync(path, "utf8")',
    `new (require("ws").WebSocket)("${stream}", { ca: ${read(ca)}${identity} }).on("message", (data) => console.log(String(data)))`,
  ];
  return `npx node -e ${quoted(script.join('; '))}`;
}

/** One word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
