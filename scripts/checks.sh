# SPDX-License-Identifier: Apache-2.0
# Shared by the runs on real hosts: assertions that are counted.
# shellcheck shell=sh disable=SC2154 # kubewright, topology and spec are the sourcing script's

work=$(mktemp -d)
passed=0
failed=0

# check WHAT COMMAND... counts whether COMMAND succeeds, and shows its output where it does not.
check() {
  what=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
    say "ok: $what"
  else
    failed=$((failed + 1))
    say "FAILED: $what"
    tail -n 40 "$work/check.log" >&2
  fi
}

# refuses CODE TEXT COMMAND... succeeds where COMMAND exits with CODE and says TEXT.
refuses() {
  code=$1
  text=$2
  shift 2
  set +e
  "$@" >"$work/refused.log" 2>&1
  got=$?
  set -e
  cat "$work/refused.log"
  echo "exit $got, wanted $code and: $text"
  [ "$got" = "$code" ] && grep -qF -- "$text" "$work/refused.log"
}

# within SECONDS COMMAND... tries until it succeeds.
within() {
  tries=$(($1 * 2))
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.5
  done
}

# on HOST COMMAND... runs it on a host of $topology.
on() {
  host=$1
  shift
  "$kubewright" lab exec -f "$topology" "$host" -- "$@"
}

changes_nothing() {
  "$kubewright" up -f "$spec" --yes -o json >"$work/noop.json" || return 1
  jq -e '.stages | length == 0' "$work/noop.json" && "$kubewright" plan -f "$spec" --detailed-exitcode
}

# all_checks_pass LEAST: verify passes, and makes at least LEAST checks.
all_checks_pass() {
  "$kubewright" verify -f "$spec" --patience 120 -o json >"$work/verify.json" \
    || { jq -r '.[] | select(.passed | not)' "$work/verify.json"; return 1; }
  jq -e "length >= $1 and all(.passed)" "$work/verify.json"
}

# summary: the closing line, and the exit code.
summary() {
  rm -rf "$work"
  printf '%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}
