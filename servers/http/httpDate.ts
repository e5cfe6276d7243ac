let second = 0;
let text = '';

/** Value of a `Date` header (RFC 9110, section 6.6.1), made once per second. */
export function httpDate(nowMs = Date.now()): string {
  const nowSecond = Math.floor(nowMs / 1_000);
  if (nowSecond !== second) {
    second = nowSecond;
    text = new Date(nowSecond * 1_000).toUTCString();
  }
  return text;
}
