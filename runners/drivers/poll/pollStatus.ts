/** What the status of an answer to a poll means. */
export type PollVerdict =
  /** A state, or a list of events. */
  | 'shown'
  /** Nothing new: 204, or 304 to a conditional request. */
  | 'nothing'
  /** 429 or 503: the server wants to be asked less. */
  | 'later'
  /** A redirect or another protocol: asking again cannot help, and the plan spreads clients over addresses it knows. */
  | 'elsewhere'
  | 'failed';

export function verdictOf(status: number, isConditional: boolean): PollVerdict {
  if (status === 200) return 'shown';
  if (status === 204) return 'nothing';
  if (status === 304) return isConditional ? 'nothing' : 'failed';
  if (status === 429 || status === 503) return 'later';
  return status < 200 || (status >= 300 && status < 400) ? 'elsewhere' : 'failed';
}
