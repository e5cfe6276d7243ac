import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Fault, messageOf } from '../contract/errors.ts';
import type { ClientSecurity } from '../contract/security.ts';
import { type Given, type GivenOptions, given } from './given.ts';
import type { RunOptionKey } from './runOptions.ts';

/** The authorities of a whole system are 250 KB. */
const MAX_FILE_BYTES = 1_048_576;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----/;
const HOST_NAME = /^[A-Za-z0-9._:-]{1,253}$/;

export const TLS_KEYS = ['tlsCa', 'tlsCert', 'tlsKey', 'tlsServerName'] as const satisfies RunOptionKey[];

/** True where the user said anything of TLS. */
export function saysTls(options: GivenOptions): boolean {
  return TLS_KEYS.some((key) => given(options, key) !== undefined);
}

/**
 * How clients of a target protect their connections; null where its address is plain. Faults name files, never what is in
 * them.
 */
export function readClientSecurity(
  options: GivenOptions,
  { cwd, isSecure }: { readonly cwd: string; readonly isSecure: boolean },
  faults: Fault[],
): ClientSecurity | null {
  if (!isSecure) {
    refuseTls(options, faults);
    return null;
  }
  const ca = readPem(given(options, 'tlsCa'), cwd, faults);
  const certificate = readPem(given(options, 'tlsCert'), cwd, faults);
  const privateKey = readPem(given(options, 'tlsKey'), cwd, faults);
  checkCertificate(ca, faults);
  const own = checkCertificate(certificate, faults);
  const key = checkKey(privateKey, faults);
  checkPair(options, faults);
  if (own !== null && key !== null && privateKey !== null && !own.checkPrivateKey(key)) {
    faults.push({ ...privateKey.one, expected: 'the private key that belongs to --tls-cert' });
  }
  return {
    ca: ca?.text ?? null,
    certificate: certificate?.text ?? null,
    privateKey: privateKey?.text ?? null,
    serverName: readServerName(given(options, 'tlsServerName'), faults),
    trustDomain: null,
  };
}

function refuseTls(options: GivenOptions, faults: Fault[]): void {
  for (const key of TLS_KEYS) {
    const one = given(options, key);
    const expected = 'only together with an address that speaks TLS: https://, wss:// or grpcs://';
    if (one !== undefined) faults.push({ ...one, expected });
  }
}

interface Pem {
  readonly one: Given;
  readonly text: string;
}

function readPem(one: Given | undefined, cwd: string, faults: Fault[]): Pem | null {
  if (one === undefined) return null;
  try {
    const path = resolve(cwd, String(one.value));
    const { size } = statSync(path);
    if (size <= MAX_FILE_BYTES) return { one, text: readFileSync(path, 'utf8') };
    faults.push({ ...one, expected: `a PEM file of at most ${MAX_FILE_BYTES} bytes, not ${size}` });
  } catch (error) {
    faults.push({ ...one, expected: `a PEM file that can be read: ${messageOf(error)}` });
  }
  return null;
}

function checkCertificate(pem: Pem | null, faults: Fault[]): X509Certificate | null {
  if (pem === null) return null;
  try {
    if (CERTIFICATE.test(pem.text)) return new X509Certificate(pem.text);
  } catch {
    // OpenSSL's words name places in its own source; the file is what the user can look at.
  }
  faults.push({ ...pem.one, expected: 'a file with a certificate: -----BEGIN CERTIFICATE-----' });
  return null;
}

function checkKey(pem: Pem | null, faults: Fault[]): KeyObject | null {
  if (pem === null) return null;
  try {
    return createPrivateKey(pem.text);
  } catch {
    const expected = 'a file with a private key and no passphrase: -----BEGIN PRIVATE KEY-----';
    faults.push({ ...pem.one, expected });
    return null;
  }
}

/** Neither is of use without the other. */
function checkPair(options: GivenOptions, faults: Fault[]): void {
  const [certificate, key] = [given(options, 'tlsCert'), given(options, 'tlsKey')];
  if (certificate !== undefined && key === undefined)
    faults.push({ ...certificate, expected: 'together with --tls-key' });
  if (key !== undefined && certificate === undefined)
    faults.push({ ...key, expected: 'together with --tls-cert' });
}

function readServerName(one: Given | undefined, faults: Fault[]): string | null {
  if (one === undefined) return null;
  const name = String(one.value);
  if (!HOST_NAME.test(name)) faults.push({ ...one, expected: 'a host name, such as push.example.org' });
  return name;
}
