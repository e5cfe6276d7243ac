#!/bin/sh
# What a checkout depends on: that of the checkout named, where both lock files are the same, else an installation of its own.
set -eu
cd ..
test -e node_modules && exit 0
if cmp -s package-lock.json "$1/package-lock.json"; then
  ln -s "$1/node_modules" node_modules
else
  npm ci
fi
