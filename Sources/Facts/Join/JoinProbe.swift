// SPDX-License-Identifier: Apache-2.0

import Values

/// Finds out on a host why it does not join its EKS cluster, by one program that changes nothing.
///
/// The program walks the links that a kubelet needs: the endpoint's name, its port, its certificate, the
/// clock, the credential command, what STS makes of it, what the API makes of it, and the node's own
/// services. `JoinEvidence.parse` reads what it prints, `JoinDiagnosis.findings` says what it means.
package struct JoinProbe: Sendable, Equatable {
  /// The EKS cluster's name, which the credentials are signed for.
  package var cluster: String
  /// `https://HASH.gr7.us-west-2.eks.amazonaws.com`.
  package var endpoint: String
  /// The file of authorities that the kubelet trusts for the endpoint.
  package var authorityPath: String
  /// The exec credential plugin and its arguments, as in the kubelet's kubeconfig.
  package var credentialCommand: [String]
  /// What the kubelet's unit and its kubeconfig put into the plugin's environment; may hold secrets.
  package var credentialEnvironment: [String: String]
  /// The name that the kubelet is to register.
  package var nodeName: String
  package var kubeletUnit: String
  /// `containerd.service`, `crio.service`.
  package var runtimeUnit: String
  package var cniFolder: String

  package init(
    cluster: String,
    endpoint: String,
    authorityPath: String,
    credentialCommand: [String],
    credentialEnvironment: [String: String] = [:],
    nodeName: String,
    kubeletUnit: String = "kubelet.service",
    runtimeUnit: String,
    cniFolder: String = "/etc/cni/net.d"
  ) {
    self.cluster = cluster
    self.endpoint = endpoint
    self.authorityPath = authorityPath
    self.credentialCommand = credentialCommand
    self.credentialEnvironment = credentialEnvironment
    self.nodeName = nodeName
    self.kubeletUnit = kubeletUnit
    self.runtimeUnit = runtimeUnit
    self.cniFolder = cniFolder
  }

  /// How long the program takes at most: the sum of its steps' limits.
  ///
  /// No step waits for more than a process that it has started and may end.
  package static let longest = Duration.seconds(150)

  /// A path of the API that nobody serves: a refusal to read it names the user who asked, in every version.
  static let nowhere = "/kubewright-join"

  /// The endpoint's host, without port and brackets.
  package var endpointHost: String {
    let rest = endpoint.hasPrefix("https://") ? endpoint.dropFirst(8) : endpoint[...]
    let authority = rest.prefix { $0 != "/" }
    if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" })
  }

  /// The endpoint without slashes at its end.
  var base: String {
    String(endpoint.reversed().drop { $0 == "/" }.reversed())
  }

  /// A program for the host's sh, to be run as root over standard input: it may hold secrets.
  package var program: String {
    let exports = credentialEnvironment.filter { Self.isName($0.key) }.sorted { $0.key < $1.key }
      .map { "  \($0.key)=\(Shell.quote($0.value))\n  export \($0.key)\n" }.joined()
    return """
      #!/bin/sh
      # kubewright: finds out why this host does not join its cluster, and changes nothing.
      \(Self.setting)
      newline='
      '
      patience=8
      endpoint=\(Shell.quote(base))
      host=\(Shell.quote(endpointHost))
      authority=\(Shell.quote(authorityPath))
      cluster=\(Shell.quote(cluster))
      node=\(Shell.quote(Self.pathSegment(nodeName)))
      nowhere=\(Self.nowhere)
      cni=\(Shell.quote(cniFolder))
      # What the kubelet has in its environment; always in a shell of its own.
      environment() {
        :
      \(exports)}
      credential_command() {
        limit 10 \(Shell.command(credentialCommand.isEmpty ? [""] : credentialCommand))
      }
      \(Self.tools)

      \(Self.network)

      \(Self.credentials)

      \(Self.answers)

      \(Self.services)

      main() {
        echo 'kubewright-join 1'
        # An external printf would show the token in its arguments.
        [ "$(command -v printf)" = printf ] || return
        nameservers
        resolve
        authority
        if command -v curl >/dev/null 2>&1; then
          echo 'curl yes'
          connect
          credential
          [ -n "$token" ] || metadata
          [ -z "$token" ] || identity
          if [ -n "$token" ] && [ "$trusted" = yes ]; then
            api node "/api/v1/nodes/$node"
            api whoami "$nowhere"
          fi
        fi
        service kubelet \(Shell.quote(kubeletUnit))
        service runtime \(Shell.quote(runtimeUnit))
        network_configuration
        echo end
      }
      { main 2>/dev/null; exit; } </dev/null

      """
  }

  /// Environment variables go into the program as assignments: what is no name is left out.
  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 95
    }
  }

  private static func pathSegment(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
        || "-._~".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte])
    }.joined()
  }
}
