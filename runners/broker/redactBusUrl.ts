/** The address without user and password, for messages and reports; what is no URL is not shown at all. */
export function redactBusUrl(url: string): string {
  if (!URL.canParse(url)) return '(no URL)';
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.search = '';
  return shown.href;
}
