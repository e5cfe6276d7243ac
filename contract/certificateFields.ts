/** DER tags that are looked for (ITU-T X.690; RFC 5280, sections 4.1 and 4.2.1). */
const BOOLEAN = 0x01;
const BIT_STRING = 0x03;
const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;
const EXTENSIONS = 0xa3;
const URI_NAME = 0x86;
/** 2.5.29.15, .17 and .19. */
const KEY_USAGE = Buffer.from([0x55, 0x1d, 0x0f]);
const SUBJECT_ALT_NAME = Buffer.from([0x55, 0x1d, 0x11]);
const BASIC_CONSTRAINTS = Buffer.from([0x55, 0x1d, 0x13]);
/** Bits of the first octet of a key usage (RFC 5280, section 4.2.1.3). */
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;
const CRL_SIGN = 0x02;

/** One element: its tag, and its content. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

/**
 * The URIs among the subject alternative names of a certificate, from its DER. The text that Node prints of them is not
 * asked: names can be made that print like several others (CVE-2021-44532).
 *
 * @throws Error where the bytes are no certificate.
 */
export function uriNamesOf(certificate: Uint8Array): string[] {
  return valuesOf(certificate, SUBJECT_ALT_NAME).flatMap((names) =>
    elementsOf(names.content)
      .filter(({ tag }) => tag === URI_NAME)
      .map((name) => Buffer.from(name.content).toString('latin1')),
  );
}

/** What the key of a certificate may do. */
export interface KeyRights {
  /** Certificates or revocation lists may be signed with it: it is an authority's. */
  readonly isAuthority: boolean;
  /** Told to sign handshakes; false where no key usage is named. */
  readonly mayAuthenticate: boolean;
}

/** @throws Error where the bytes are no certificate. */
export function keyRightsOf(certificate: Uint8Array): KeyRights {
  const isMarked = valuesOf(certificate, BASIC_CONSTRAINTS).some(({ content }) =>
    elementsOf(content).some(({ tag, content: [flag] }) => tag === BOOLEAN && flag !== 0),
  );
  const usages = valuesOf(certificate, KEY_USAGE);
  // The first octet of a bit string counts the unused bits at its end.
  const bits = usages.map(({ tag, content }) => (tag === BIT_STRING ? (content[1] ?? 0) : 0));
  return {
    isAuthority: isMarked || bits.some((octet) => (octet & (KEY_CERT_SIGN | CRL_SIGN)) !== 0),
    mayAuthenticate: bits.some((octet) => (octet & DIGITAL_SIGNATURE) !== 0),
  };
}

/** What the extensions of one kind hold. */
function valuesOf(certificate: Uint8Array, extension: Buffer): Element[] {
  const matching = extensionsOf(certificate).filter(({ tag, content }) => {
    const [id] = elementsOf(content);
    return tag === SEQUENCE && id?.tag === OBJECT_IDENTIFIER && extension.equals(id.content);
  });
  return matching.map(({ content }) => {
    const octets = elementsOf(content).find(({ tag }) => tag === OCTET_STRING);
    const [value] = octets === undefined ? [] : elementsOf(octets.content);
    if (value === undefined) throw new Error('certificate with an empty extension');
    return value;
  });
}

function extensionsOf(certificate: Uint8Array): Element[] {
  const [whole] = elementsOf(certificate);
  const [toBeSigned] = whole?.tag === SEQUENCE ? elementsOf(whole.content) : [];
  if (toBeSigned?.tag !== SEQUENCE) throw new Error('no X.509 certificate');
  const explicit = elementsOf(toBeSigned.content).find(({ tag }) => tag === EXTENSIONS);
  const [list] = explicit === undefined ? [] : elementsOf(explicit.content);
  return list === undefined ? [] : elementsOf(list.content);
}

function elementsOf(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { start, length } = lengthAt(bytes, at + 1);
    if (start + length > bytes.length) throw new Error('DER that ends too early');
    elements.push({ tag: bytes[at], content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

/** Short form below 128, else the number of bytes that hold it; four are more than any certificate needs. */
function lengthAt(bytes: Uint8Array, at: number): { readonly start: number; readonly length: number } {
  const first = bytes[at];
  if (first === undefined) throw new Error('DER that ends too early');
  if (first < 0x80) return { start: at + 1, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + count >= bytes.length) throw new Error('DER of unknown length');
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + bytes[at + i];
  return { start: at + 1 + count, length };
}
