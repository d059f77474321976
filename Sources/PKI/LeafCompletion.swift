// SPDX-License-Identifier: Apache-2.0

import Spec
import SwiftASN1
import Values
import X509

/// A leaf that has to be signed.
private struct PendingLeaf: Sendable {
  let request: LeafRequest
  let authority: Authority
  /// nil: to be made.
  let key: SigningKey?
  /// Why the certificate that is there does not do; empty where there is none.
  let faults: [String]
}

/// A pending leaf with its key.
private struct KeyedLeaf: Sendable {
  let pending: PendingLeaf
  let key: SigningKey

  var request: LeafRequest { pending.request }
}

private enum LeafState: Sendable {
  case fit(Credential)
  case pending(PendingLeaf)
}

extension PKIRun {
  /// All leaves: those that fit as they are, the others signed.
  mutating func completeLeaves(
    _ authorities: [AuthorityName: Authority]
  ) async throws -> [LeafName: Credential] {
    let requests = PKIProfile.leaves(for: cluster)
    let run = self
    let states = try await requests.concurrentMap { try run.inspect($0, authorities) }
    var leaves: [LeafName: Credential] = [:]
    var pending: [PendingLeaf] = []
    for (request, state) in zip(requests, states) {
      switch state {
      case .fit(let credential): leaves[request.name] = credential
      case .pending(let leaf): pending.append(leaf)
      }
    }
    var waiting: [PendingLeaf] = []
    for chunk in pending.chunks(of: cluster.pki.algorithm.batch) {
      let keyed = try await withKeys(chunk)
      let here = keyed.filter { $0.pending.authority.key != nil }
      let elsewhere = keyed.filter { $0.pending.authority.key == nil }
      for (leaf, credential) in zip(here, try await sign(here)) {
        leaves[leaf.request.name] = credential
        changes.append(
          leaf.pending.faults.isEmpty
            ? .newLeaf(leaf.request.name, leaf.request.authority)
            : .reissuedLeaf(leaf.request.name, faults: leaf.pending.faults)
        )
      }
      for (leaf, credential) in zip(elsewhere, try await request(elsewhere)) {
        leaves[leaf.request.name] = credential
        changes.append(.awaitsSignature(leaf.request.name, leaf.request.authority))
      }
      waiting += elsewhere.map(\.pending)
    }
    if writes, !waiting.isEmpty { throw Self.unsigned(waiting, files) }
    return leaves
  }

  private func inspect(
    _ request: LeafRequest,
    _ authorities: [AuthorityName: Authority]
  ) throws -> LeafState {
    guard let authority = authorities[request.authority] else {
      throw Failure(.internalError, "the \(request.authority.rawValue) authority was not made")
    }
    let key = try reading.key(PKIPath.key(request.name))
    let present = try reading.certificate(PKIPath.certificate(request.name))
    var faults: [String] = []
    if let present {
      if let key {
        let path = files.absolute(PKIPath.certificate(request.name))
        faults = LeafFitness.faults(
          of: present,
          saying: try PKIReading.facts(of: present, path: path),
          for: request,
          publicKey: key.publicKey,
          authority: authority,
          signedHere: authority.key != nil,
          now: issuance.now()
        )
        if faults.isEmpty {
          return .fit(Credential(certificate: present.pem, key: key.pem))
        }
      } else {
        faults = ["its key was missing, so that is new too"]
      }
    }
    return .pending(
      PendingLeaf(request: request, authority: authority, key: key, faults: faults)
    )
  }

  /// Makes the keys that are missing, and has them on the disk before anything is signed for them.
  private func withKeys(_ leaves: [PendingLeaf]) async throws -> [KeyedLeaf] {
    let algorithm = cluster.pki.algorithm
    let keyed = try await leaves.concurrentMap {
      KeyedLeaf(pending: $0, key: try $0.key ?? SigningKey.generate(algorithm))
    }
    try commit(
      keyed.filter { $0.pending.key == nil }
        .map { .secret(PKIPath.key($0.request.name), $0.key.pem) }
    )
    return keyed
  }

  private func sign(_ leaves: [KeyedLeaf]) async throws -> [Credential] {
    let (hours, issuance) = (cluster.pki.leafHours, issuance)
    let certificates = try await leaves.concurrentMap { leaf in
      try Self.making(leaf.request.name) {
        try leaf.pending.authority.sign(
          leaf.request,
          publicKey: leaf.key.publicKey,
          hours: hours,
          issuance: issuance
        )
      }
    }
    let signed = zip(leaves, certificates).compactMap { leaf, certificate in
      certificate.map { (leaf, $0) }
    }
    try commit(signed.map { .open(PKIPath.certificate($0.0.request.name), $0.1.pem) })
    return signed.map { Credential(certificate: $0.1.pem, key: $0.0.key.pem) }
  }

  /// Writes signing requests, except where the one that is there asks for just the same.
  private func request(_ leaves: [KeyedLeaf]) async throws -> [Credential] {
    let files = files
    let requests = try await leaves.concurrentMap { leaf -> NewFile? in
      let path = PKIPath.signingRequest(leaf.request.name)
      let wanted = try Self.making(leaf.request.name) {
        try leaf.request.signingRequest(key: leaf.key)
      }
      if let bytes = try files.read(path),
        let present = try? CertificateSigningRequest(
          pemEncoded: String(decoding: bytes, as: UTF8.self)
        ),
        present.publicKey == wanted.publicKey, present.subject == wanted.subject,
        present.attributes == wanted.attributes
      {
        return nil
      }
      return .open(path, try wanted.serializeAsPEM().pemString + "\n")
    }
    try commit(requests.compactMap(\.self))
    return try leaves.map { leaf in
      let standIn = try Authority.standIn(for: leaf.request, key: leaf.key, issuance: issuance)
      return Credential(certificate: standIn.pem, key: leaf.key.pem)
    }
  }

  /// - Throws: `Failure` (`state`): a name that no certificate can hold is the likely reason.
  private static func making<Result>(
    _ name: LeafName,
    _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      throw Failure(
        .state,
        "cannot make the certificate \(name)",
        why: String(describing: error),
        remedy: "see that its names in the spec are plain ASCII names and IPv4 addresses"
      )
    }
  }

  private static func unsigned(_ leaves: [PendingLeaf], _ files: PKIFiles) -> Failure {
    let shown = 20
    var lines = leaves.prefix(shown).map { leaf in
      "\(leaf.request.name) by the \(leaf.request.authority.rawValue) authority"
        + (leaf.faults.isEmpty ? "" : ": \(leaf.faults.joined(separator: "; "))")
    }
    if leaves.count > shown { lines.append("and \(leaves.count - shown) more") }
    return Failure(
      .state,
      "\(leaves.count) certificates have to be signed: their authority's key is not here",
      why: lines.joined(separator: "\n"),
      remedy: "sign each \(files.absolute("csr"))/NAME.csr with its subject, names and usages, put "
        + "the certificate to \(files.absolute("certs"))/NAME.crt, and run this again"
    )
  }
}

extension KeyAlgorithm {
  /// Leaves made between two writes: enough that syncing costs little, few enough that an interrupted
  /// run has little to make again.
  fileprivate var batch: Int {
    switch self {
    case .ecdsaP256, .ecdsaP384: 512
    case .rsa2048, .rsa3072, .rsa4096: 32
    }
  }
}
