// SPDX-License-Identifier: Apache-2.0

import Engine
import FoundationEssentials
import NIOSSL
import PKI
import Spec
import TLS
import Values

/// Every certificate: its chain, its names, its days left, and that servers really show it.
struct CertificateChecks: Sendable {
  let cluster: ClusterSpec
  let clients: ClusterClients
  let settling: Settling

  /// Days below which a certificate's end is a failure: time to renew before it bites.
  private static let leastDays = 7

  func run() async throws -> [Check] {
    try await held() + served()
  }

  /// What the state folder holds.
  private func held() async throws -> [Check] {
    let requests = PKIProfile.leaves(for: cluster)
    let report: CertificateReport
    do {
      report = try CertificateReport(clients.pki, requests: requests, now: Date())
    } catch let failure as Failure {
      return [
        Check(
          area: "certificate",
          subject: "state folder",
          passed: false,
          detail: failure.why ?? failure.what
        )
      ]
    }
    let wanted = Dictionary(
      requests.map { ($0.name.description, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    var checks: [Check] = []
    for row in report.rows {
      checks.append(
        try await Check.run("certificate", row.name) {
          guard row.isSignedByItsAuthority != false else {
            throw Unmet("is not signed by the authority that it should be signed by")
          }
          let missing = (wanted[row.name]?.names ?? []).map(\.description)
            .filter { !row.facts.names.contains($0) }
          guard missing.isEmpty else {
            throw Unmet("lacks the names \(missing.joined(separator: ", "))")
          }
          guard row.facts.notBefore <= Date() else { throw Unmet("is not valid yet") }
          guard row.daysLeft >= Self.leastDays else { throw Unmet("\(row.daysLeft) days left") }
          return "\(row.daysLeft) days left, \(row.facts.names.count) names"
        }
      )
    }
    return checks
  }

  /// What each server shows to whoever connects.
  private func served() async throws -> [Check] {
    var servers: [(LeafName, String, Int)] = []
    for host in cluster.hosts {
      if host.roles.contains(.etcd) {
        servers.append((.etcdServer(host: host.name), host.name, 2379))
        servers.append((.etcdPeer(host: host.name), host.name, 2380))
      }
      if host.roles.contains(.controlPlane) {
        servers.append(
          (.apiServer(host: host.name), host.name, cluster.controlPlane.endpoint.port)
        )
      }
      if host.roles.contains(.worker) {
        servers.append((.kubeletServer(host: host.name), host.name, 10250))
      }
    }
    var checks: [Check] = []
    for (leaf, host, port) in servers {
      checks.append(
        try await Check.run("certificate", "served by \(host):\(port)", settling: settling) {
          let address = try await clients.reach.address(of: host, port: port)
          let shown = try await ServedCertificate.read(at: address)
          let held = try clients.pki.leaves[leaf].map {
            try NIOSSLCertificate.fromPEMBytes(Array($0.certificate.utf8))
          }
          guard held?.first == shown else {
            throw Unmet("is not the \(leaf) certificate of the state folder")
          }
          return "\(leaf)"
        }
      )
    }
    return checks
  }
}
