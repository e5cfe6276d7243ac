#!/bin/sh
# Holds this state of the project against the commit before it. FAIL fails; INCONCLUSIVE and a machine that was too busy are warnings.
set -u
cd "$(dirname "$0")/.."

if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  echo 'gate: left out: this is no git checkout, so there is no earlier state to hold this one against.'
  exit 0
fi
base=HEAD~1
if ! git rev-parse --verify --quiet 'HEAD~1^{commit}' >/dev/null; then
  base=HEAD
  echo 'gate: no commit before HEAD (the first one, or a shallow clone: fetch-depth: 0 brings all). HEAD is held against itself, which shows only that the gate works.'
fi
code=0
node bin/bench.js gate --config .ci/gate.config.ts --base "$base" || code=$?
if [ "$code" -eq 3 ]; then
  echo 'gate: warning: this machine was too busy for any of its runs to be valid; nothing was learnt.'
  exit 0
fi
exit "$code"
