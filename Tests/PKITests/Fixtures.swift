// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import PKI
import Spec
import Subprocess
import TestSupport
import Testing
import Values

/// A fixed point in time: 2026-01-01T00:00:00Z.
let newYear = Date(timeIntervalSince1970: 1_767_225_600)

/// The folder of `KUBEWRIGHT_PROGRAMS`: a kubeadm to compare with, a kubectl to read what we write.
let programs = getenv("KUBEWRIGHT_PROGRAMS").map { String(cString: $0) }

extension Issuance {
  /// Time stands at `date`; serial numbers are all the same.
  static func at(_ date: Date) -> Self {
    Issuance(now: { date }, random: { count in (0..<count).map { UInt8(0xA0 + $0) } })
  }
}

extension ClusterSpec {
  /// Hosts by name with their roles, at 10.0.0.1 and up.
  static func sample(
    _ hosts: [(String, Set<Role>)] = [("one", [.etcd, .controlPlane, .worker])],
    pki: PKISpec = PKISpec(),
    endpoint: String = "api.example.org",
    extraSANs: [String] = []
  ) -> Self {
    ClusterSpec(
      name: "sample",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: endpoint), extraSANs: extraSANs),
      pki: pki,
      hosts: hosts.enumerated().map { index, host in
        HostSpec(
          name: host.0,
          ssh: nil,
          nodeIP: IPv4Address(raw: 0x0A00_0001 + UInt32(index)),
          roles: host.1
        )
      }
    )
  }
}

extension Scratch {
  var store: String { path + "/pki" }

  func exists(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

  func mode(_ name: String) throws -> FileMode {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    let bits = try #require(attributes[.posixPermissions] as? Int)
    return FileMode(UInt16(bits & 0o7777))
  }

  /// Contents by path of all files below the store.
  func storedFiles() throws -> [String: String] {
    var files: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: store) {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(store)/\(name)")
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      files[name] = try text(of: "pki/\(name)")
    }
    return files
  }

  /// Puts a bundle's authorities and leaves as NAME.crt and NAME.key for programs to read.
  func unpack(_ bundle: PKIBundle) throws {
    for (name, credential) in bundle.authorities {
      try write(credential.certificate, to: "\(name.rawValue)-authority.crt")
    }
    for (name, credential) in bundle.leaves {
      try write(credential.certificate, to: "\(name).crt")
      try write(credential.key?.revealText() ?? "", to: "\(name).key")
    }
  }
}

/// Runs a program of the system.
/// - Returns: what it printed on standard output.
@discardableResult
func tool(_ name: String, _ arguments: String..., input: String = "") async throws -> String {
  let result = try await run(
    .name(name),
    arguments: Arguments(arguments),
    input: .string(input),
    output: .string(limit: 1 << 20),
    error: .string(limit: 1 << 16)
  )
  try #require(
    result.terminationStatus.isSuccess,
    "\(name) \(arguments.joined(separator: " ")): \(result.standardError)"
  )
  return result.standardOutput
}

/// The `Failure` that `body` throws.
func failure(_ body: () async throws -> Void) async throws -> Failure {
  do {
    try await body()
  } catch let failure as Failure {
    return failure
  }
  throw Unexpected()
}

/// No failure came about.
struct Unexpected: Error {}
