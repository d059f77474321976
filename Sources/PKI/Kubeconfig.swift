// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Values

/// The file by which a client finds and enters a cluster. The format is the same since Kubernetes 1.0:
/// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
package enum Kubeconfig {
  /// A kubeconfig of one cluster, one user and one context, with all credentials in it.
  /// - Parameters:
  ///   - cluster: what the file calls the cluster.
  ///   - server: `https://HOST:PORT`.
  ///   - authority: PEM of the authority that signs the API server's certificate.
  ///   - user: what the file calls the user; whom the API server sees is in the certificate.
  ///   - credential: the user's certificate and key.
  /// - Returns: YAML.
  package static func render(
    cluster: String,
    server: String,
    authority: String,
    user: String,
    credential: Credential
  ) -> Sensitive {
    let context = quoted("\(user)@\(cluster)")
    let key = credential.key.map { "\n    client-key-data: \(base64($0.reveal()))" } ?? ""
    return Sensitive(
      """
      apiVersion: v1
      kind: Config
      clusters:
      - name: \(quoted(cluster))
        cluster:
          server: \(quoted(server))
          certificate-authority-data: \(base64(Array(authority.utf8)))
      contexts:
      - name: \(context)
        context:
          cluster: \(quoted(cluster))
          user: \(quoted(user))
      current-context: \(context)
      preferences: {}
      users:
      - name: \(quoted(user))
        user:
          client-certificate-data: \(base64(Array(credential.certificate.utf8)))\(key)

      """
    )
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
  }

  /// A double-quoted YAML scalar: names may be what YAML takes for a number or a truth value.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
