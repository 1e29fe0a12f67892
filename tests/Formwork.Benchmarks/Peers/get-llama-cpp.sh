#!/usr/bin/env bash
# Puts llama.cpp's libraries for Linux (x64) into a folder, as a peer for the benchmarks. Nothing is installed.
# Usage: get-llama-cpp.sh DEST      afterwards: DEST/libllama.so, DEST/libggml.so, DEST/libggml-cpu-*.so …
# They come from the npm package that node-llama-cpp ships them in (MIT). Exit code 3: npm is missing or its registry cannot be reached.
set -euo pipefail
package=@node-llama-cpp/linux-x64@3.22.1
dest=${1:?usage: get-llama-cpp.sh DEST}
if [[ -e $dest/libllama.so ]]; then exit 0; fi
command -v npm > /dev/null || { echo "npm is not installed" >&2; exit 3; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
archive=$(cd "$work" && npm pack --silent "$package") || { echo "npm cannot fetch $package" >&2; exit 3; }
tar -xzf "$work/$archive" -C "$work"
mkdir -p "$dest"
cp "$work"/package/bins/linux-x64/lib*.so "$work"/package/bins/linux-x64/_nlcBuildMetadata.json "$work"/package/LICENSE "$dest/"
# The libraries name each other by version; two plain names save the caller from knowing it.
ln -s "$(basename "$dest"/libggml.v*.so)" "$dest/libggml.so"
ln -s "$(basename "$dest"/libllama.v*.so)" "$dest/libllama.so"
