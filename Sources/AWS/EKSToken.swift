// SPDX-License-Identifier: Apache-2.0

package import Values

/// The bearer token that an EKS API server takes: a presigned request to STS, which the server makes in
/// our stead to learn who we are.
///
/// The same bytes as `aws eks get-token` gives for the same moment; read by
/// kubernetes-sigs/aws-iam-authenticator, pkg/token/token.go.
package struct EKSToken: Sendable, Equatable {
  /// `k8s-aws-v1.` and the URL in base64url without padding.
  package let token: Sensitive
  /// When a client should ask for the next one: 14 minutes on; the server takes it for 15.
  package let expiration: Timestamp

  /// - Parameters:
  ///   - cluster: the cluster's name (or the id of a local one on an Outpost).
  ///   - region: whose STS the server is to ask.
  ///   - endpoint: that STS.
  ///   - credentials: who we are.
  ///   - date: now.
  package init(
    cluster: String,
    region: Region,
    endpoint: Endpoint,
    credentials: Credentials,
    at date: Timestamp
  ) {
    let request = HTTPRequest(
      "GET",
      endpoint,
      query: [.init("Action", "GetCallerIdentity"), .init("Version", "2011-06-15")],
      headers: [.init("x-k8s-aws-id", cluster)]
    )
    let signer = Signer(credentials, region: region.name, service: Service.sts.rawValue)
    let url = signer.presigned(request, validFor: 60, at: date).url
    token = Sensitive("k8s-aws-v1." + Self.base64URL(Array(url.utf8)))
    expiration = date.advanced(bySeconds: 14 * 60)
  }

  private static func base64URL(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      bits <<= UInt32(8 * (3 - group.count))
      for index in 0...group.count {
        text.append(alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// What kubectl and the kubelet read from a credential plugin's standard output.
package struct ExecCredential: Sendable, Equatable {
  package enum APIVersion: String, Sendable, CaseIterable {
    case v1alpha1 = "client.authentication.k8s.io/v1alpha1"
    case v1beta1 = "client.authentication.k8s.io/v1beta1"
    case v1 = "client.authentication.k8s.io/v1"
  }

  package let apiVersion: APIVersion
  package let token: EKSToken

  package init(_ token: EKSToken, apiVersion: APIVersion) {
    self.token = token
    self.apiVersion = apiVersion
  }

  /// The document, laid out as awscli does it.
  ///
  /// It holds the token: it goes to standard output only.
  package var json: Sensitive {
    Sensitive(
      """
      {
          "kind": "ExecCredential",
          "apiVersion": "\(apiVersion.rawValue)",
          "spec": {},
          "status": {
              "expirationTimestamp": "\(token.expiration)",
              "token": "\(token.token.revealText())"
          }
      }

      """
    )
  }
}
