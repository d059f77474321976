// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Values

/// The EKS control plane's own API.
package struct EKS: Sendable {
  private let client: ServiceClient

  package init(_ client: ServiceClient) {
    self.client = client
  }

  /// A cluster, as far as a node needs it.
  package struct Cluster: Sendable, Equatable {
    package let name: String
    /// CREATING, ACTIVE, DELETING, FAILED, UPDATING, PENDING.
    package let status: String
    /// A minor release: 1.31.
    package let version: Minor?
    /// https://…; nil while it is being made.
    package let endpoint: String?
    /// As EKS gives it, PEM in base64; `CertificateAuthority.pem` reads it.
    package let certificateAuthority: String?
    package let serviceCIDR: CIDR?
    /// ipv4 or ipv6.
    package let ipFamily: String?
    /// CONFIG_MAP, API_AND_CONFIG_MAP or API; nil where EKS does not say.
    package let authenticationMode: String?
    package let arn: String?
  }

  /// The names of the region's clusters; at most ten thousand.
  /// - Throws: `ServiceError`, `Failure`.
  package func clusters() async throws -> [String] {
    var names: [String] = []
    var token: String?
    for _ in 0..<100 {
      let request = HTTPRequest(
        "GET",
        client.endpoint,
        path: "/clusters",
        query: [.init("maxResults", "100")] + (token.map { [.init("nextToken", $0)] } ?? [])
      )
      let reply = try await client.send("ListClusters", request)
      let page = try client.decode(ClusterPage.self, "ListClusters", json: reply)
      names += page.clusters
      token = page.nextToken
      if token?.isEmpty ?? true { return names }
    }
    throw Failure(.step, "eks:ListClusters does not come to an end")
  }

  /// One cluster.
  /// - Throws: `ServiceError` (`notFound` where there is none), `Failure`.
  package func cluster(_ name: String) async throws -> Cluster {
    let request = HTTPRequest(
      "GET",
      client.endpoint,
      path: "/clusters/\(URIEncoding.encode(name))"
    )
    let reply = try await client.send("DescribeCluster", request)
    let answer = try client.decode(ClusterAnswer.self, "DescribeCluster", json: reply).cluster
    return Cluster(
      name: answer.name,
      status: answer.status,
      version: answer.version.flatMap { Minor($0) },
      endpoint: answer.endpoint,
      certificateAuthority: answer.certificateAuthority?.data,
      serviceCIDR: answer.kubernetesNetworkConfig?.serviceIpv4Cidr.flatMap { CIDR($0) },
      ipFamily: answer.kubernetesNetworkConfig?.ipFamily,
      authenticationMode: answer.accessConfig?.authenticationMode,
      arn: answer.arn
    )
  }
}

/// The authority of a cluster, as EKS and people write it.
package enum CertificateAuthority {
  /// PEM, whether it was given as PEM or as PEM in base64.
  /// - Throws: `Failure` (`invalidInput`) for anything else.
  package static func pem(_ text: String) throws -> String {
    let marker = "-----BEGIN CERTIFICATE-----"
    if text.contains(marker) { return text }
    let bare = text.filter { !$0.isWhitespace }
    guard let data = Data(base64Encoded: bare),
      let pem = String(validating: data, as: UTF8.self), pem.contains(marker)
    else {
      throw Failure(
        .invalidInput,
        "the certificate authority is neither PEM nor PEM in base64",
        remedy: "give what `aws eks describe-cluster --query cluster.certificateAuthority.data`"
          + " prints"
      )
    }
    return pem
  }
}

private struct ClusterPage: Decodable {
  let clusters: [String]
  let nextToken: String?
}

private struct ClusterAnswer: Decodable {
  struct Authority: Decodable {
    let data: String?
  }
  struct Network: Decodable {
    let serviceIpv4Cidr: String?
    let ipFamily: String?
  }
  struct Access: Decodable {
    let authenticationMode: String?
  }
  struct Cluster: Decodable {
    let name: String
    let status: String
    let arn: String?
    let version: String?
    let endpoint: String?
    let certificateAuthority: Authority?
    let kubernetesNetworkConfig: Network?
    let accessConfig: Access?
  }
  let cluster: Cluster
}
