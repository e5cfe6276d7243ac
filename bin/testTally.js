// A reporter that writes one line of JSON for each test that failed, and one with the counts of the whole:
// bin/test.js runs the tests in several passes, and says at the end what came of all.
import { relative } from 'node:path';

export default async function* tally(source) {
  for await (const { type, data } of source) {
    if (type === 'test:summary' && data.file === undefined) yield line({ counts: data.counts });
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed')
      yield line({ failed: where(data) });
  }
}

function line(entry) {
  return `${JSON.stringify(entry)}\n`;
}

function where({ file, line: at, name }) {
  return file === undefined ? name : `${relative(process.cwd(), file)}:${at} ${name}`;
}
