// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PKI
import Spec
import TestSupport
import Testing
import Values

struct CertificateReportTests {
  let cluster = ClusterSpec.sample()
  let requests: [LeafRequest]
  let bundle: PKIBundle

  init() async throws {
    requests = PKIProfile.leaves(for: cluster)
    let folder = try Scratch()
    bundle = try await PKIStore(directory: folder.store, issuance: .at(newYear))
      .ensure(cluster: cluster, dryRun: true).bundle
  }

  @Test func `authorities come first, then every leaf`() throws {
    let report = try CertificateReport(bundle, requests: requests, now: newYear)
    #expect(
      report.rows.map(\.name) == ["cluster-authority", "etcd-authority", "front-proxy-authority"]
        + requests.map(\.name.description)
    )
    #expect(report.rows.allSatisfy { $0.isSignedByItsAuthority == true })
  }

  @Test func `the facts of a row`() throws {
    let report = try CertificateReport(bundle, requests: requests, now: newYear)
    let row = try #require(report.rows.first { $0.name == "apiserver@one" })
    #expect(row.authority == .cluster)
    #expect(row.daysLeft == 365)
    #expect(row.facts.subject == "CN=kube-apiserver")
    #expect(
      row.facts.names == requests.first { "\($0.name)" == row.name }?.names.map(\.description)
    )
    #expect(row.facts.usages == [.server])
    #expect(row.facts.notBefore == newYear.addingTimeInterval(-300))
    #expect(row.facts.notAfter == newYear.addingTimeInterval(8760 * 3600))
    #expect(row.facts.serial == "60a1a2a3a4a5a6a7a8a9aaabacadaeaf")
    #expect(row.facts.algorithm == "ECDSA P-256")
    #expect(!row.facts.isAuthority)
    #expect(report.rows.prefix(3).allSatisfy { $0.facts.isAuthority && $0.daysLeft == 3650 })
  }

  @Test(arguments: [(0.0, 365), (1, 364), (8759, 0), (8760, 0), (8761, -1)])
  func `whole days are left`(_ hours: Double, _ days: Int) throws {
    let now = newYear.addingTimeInterval(hours * 3600)
    let report = try CertificateReport(bundle, requests: requests, now: now)
    #expect(report.rows.last?.daysLeft == days)
  }

  @Test func `another authority of the same name did not sign`() async throws {
    let folder = try Scratch()
    let other = try await PKIStore(directory: folder.store, issuance: .at(newYear))
      .ensure(cluster: cluster, dryRun: true).bundle
    var mixed = bundle
    mixed.authorities[.etcd] = other.authorities[.etcd]
    let report = try CertificateReport(mixed, requests: requests, now: newYear)
    let unsigned = report.rows.filter { $0.isSignedByItsAuthority == false }.map(\.name)
    #expect(
      unsigned == [
        "etcd-server@one", "etcd-peer@one", "apiserver-etcd-client@one", "etcd-healthcheck-client",
      ]
    )
  }

  @Test func `an authority that is not there decides nothing`() throws {
    var partial = bundle
    partial.authorities[.frontProxy] = nil
    let report = try CertificateReport(partial, requests: requests, now: newYear)
    let row = try #require(report.rows.first { $0.name == "front-proxy-client@one" })
    #expect(row.isSignedByItsAuthority == nil)
  }

  @Test func `missing and damaged certificates are failures`() async throws {
    var partial = bundle
    partial.leaves[.admin] = nil
    let missing = try await failure {
      _ = try CertificateReport(partial, requests: requests, now: newYear)
    }
    #expect(missing.why == "admin")
    partial.leaves[.admin] = Credential(certificate: "-----BEGIN", key: nil)
    let damaged = try await failure {
      _ = try CertificateReport(partial, requests: requests, now: newYear)
    }
    #expect(damaged.what == "the certificate admin is damaged")
  }

  @Test func `leaves never outlive their authority`() async throws {
    let folder = try Scratch()
    let short = ClusterSpec.sample(pki: PKISpec(authorityHours: 48, leafHours: 8760))
    let bundle = try await PKIStore(directory: folder.store, issuance: .at(newYear))
      .ensure(cluster: short, dryRun: true).bundle
    let report = try CertificateReport(bundle, requests: requests, now: newYear)
    #expect(report.rows.allSatisfy { $0.daysLeft == 2 })
  }

  @Test func `serial numbers are 16 random octets, positive`() async throws {
    let folder = try Scratch()
    let bundle = try await PKIStore(directory: folder.store).ensure(cluster: cluster, dryRun: true)
      .bundle
    let serials = try CertificateReport(bundle, requests: requests, now: Date()).rows
      .map(\.facts.serial)
    #expect(Set(serials).count == serials.count)
    #expect(serials.allSatisfy { $0.count == 32 && ("4"..."7").contains(String($0.prefix(1))) })
  }
}
