#!/usr/bin/env bash
# Packs text files into a shard as Common Crawl publishes them: `bash examples/make-wet.sh SHARD.warc.wet.gz FILE…`.
# A WET file is a row of gzip members, one for each record; the first says who made it.
set -euo pipefail
shard="$1"
shift

record() { # type, more headers, body on standard input
    local body
    body="$(mktemp)"
    cat >"$body"
    {
        printf 'WARC/1.0\r\nWARC-Type: %s\r\n%s' "$1" "$2"
        printf 'WARC-Date: 2026-05-12T08:00:00Z\r\nContent-Type: text/plain\r\n'
        printf 'Content-Length: %s\r\n\r\n' "$(wc -c <"$body" | tr -d ' ')"
        cat "$body"
        printf '\r\n\r\n'
    } | gzip -n
    rm -f "$body"
}

printf 'Software-Info: examples/make-wet.sh\r\n' | record warcinfo '' >"$shard"
for file in "$@"; do
    name="$(basename "$file")"
    uri="$(printf 'WARC-Target-URI: https://crawl.example/%s\r\n ' "$name")"
    record conversion "${uri% }" <"$file" >>"$shard"
done
