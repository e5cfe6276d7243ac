/** DER tags that are looked for (ITU-T X.690; RFC 5280, sections 4.1 and 4.2.1.6). */
const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;
const EXTENSIONS = 0xa3;
const URI_NAME = 0x86;
/** 2.5.29.17, subjectAltName. */
const SUBJECT_ALT_NAME = Buffer.from([0x55, 0x1d, 0x11]);

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
  const extensions = extensionsOf(certificate).filter(({ tag, content }) => {
    const [id] = elementsOf(content);
    return tag === SEQUENCE && id?.tag === OBJECT_IDENTIFIER && SUBJECT_ALT_NAME.equals(id.content);
  });
  return extensions.flatMap(({ content }) => {
    const value = elementsOf(content).find(({ tag }) => tag === OCTET_STRING);
    const [names] = value === undefined ? [] : elementsOf(value.content);
    if (names === undefined) throw new Error('subject alternative names without a list');
    return elementsOf(names.content)
      .filter(({ tag }) => tag === URI_NAME)
      .map((name) => Buffer.from(name.content).toString('latin1'));
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
