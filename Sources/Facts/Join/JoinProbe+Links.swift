// SPDX-License-Identifier: Apache-2.0

package import Values

extension JoinProbe {
  /// A program for the links that can be tried before the host holds anything: name, port, certificate, clock.
  ///
  /// It takes 5 seconds at most where nobody answers, and what it writes for curl it takes away. On a host
  /// without curl it tries nothing.
  ///
  /// - Parameter pem: the cluster's authority.
  /// - Returns: a program whose answer `JoinEvidence.parse` reads.
  package func links(authority pem: String) -> String {
    """
    #!/bin/sh
    # kubewright: tries this host's way to its cluster, and leaves nothing behind.
    # shellcheck disable=SC2034,SC2317,SC2329 # functions of a longer program
    \(Self.setting)
    environment() { :; }
    endpoint=\(Shell.quote(base))
    host=\(Shell.quote(endpointHost))
    authority='' patience=5
    \(Self.tools)

    \(Self.network)

    main() {
      echo 'kubewright-join 1'
      if command -v curl >/dev/null 2>&1 && folder=$(mktemp -d /run/kubewright.XXXXXX || mktemp -d); then
        trap 'rm -rf "$folder"' EXIT
        authority=$folder/ca.crt
        printf '%s\\n' \(Shell.quote(pem)) >"$authority"
        echo 'curl yes'
        nameservers
        authority
        connect
      fi
      echo end
    }
    { main 2>/dev/null; exit; } </dev/null

    """
  }
}

extension JoinDiagnosis {
  /// What of the links alone is broken, the first one first.
  package static func links(
    _ evidence: JoinEvidence,
    _ expected: JoinExpectations
  ) -> [Failure] {
    guard evidence.hasCurl, evidence.connection != nil else { return [] }
    return Diagnostician(evidence: evidence, expected: expected).way
  }
}
