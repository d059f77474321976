// SPDX-License-Identifier: Apache-2.0

package import Components
package import Facts
import FoundationEssentials
import Glibc
package import Values

/// `.kubewright/NAME/` beside the spec: keys, recorded facts, pod subnets, journal and lock; 0700, and the
/// only place on the operator's side that holds state.
package struct StateFolder: Sendable {
  package let path: String

  /// - Parameters:
  ///   - specPath: the cluster.yaml; the folder lies beside it.
  ///   - cluster: the cluster's name, already validated as a DNS label.
  package init(besideSpec specPath: String, cluster: String) {
    let slash = specPath.lastIndex(of: "/")
    let folder = slash.map { String(specPath[..<$0]) } ?? "."
    path = "\(folder.isEmpty ? "/" : folder)/.kubewright/\(cluster)"
  }

  package var pki: String { path + "/pki" }
  package var kubeconfig: String { path + "/admin.conf" }

  /// Makes the folder, 0700.
  /// - Throws: `Failure` (`state`).
  package func create() throws {
    let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    for folder in [parent, path, path + "/facts"] {
      if mkdir(folder, 0o700) != 0, errno != EEXIST {
        throw Failure(
          .state,
          "cannot make the state folder \(folder)",
          why: String(cString: strerror(errno)),
          remedy: "run from a folder that you may write to"
        )
      }
    }
  }

  /// Whether a run ever wrote here.
  package var exists: Bool { access(path, F_OK) == 0 }

  /// Whether the authorities' certificates were ever made here.
  package var hasAuthorities: Bool { access(pki + "/authorities", F_OK) == 0 }

  /// Removes the folder with all it holds.
  package func remove() throws {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw Failure(
        .state,
        "cannot remove \(path)",
        why: Failure.reason(of: error),
        remedy: "mend its rights"
      )
    }
  }

  // MARK: Records

  /// Facts of the hosts as last probed, by host name.
  package func facts() throws -> [String: HostFacts] {
    let folder = path + "/facts"
    guard let stream = opendir(folder) else { return [:] }
    defer { closedir(stream) }
    var facts: [String: HostFacts] = [:]
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasSuffix(".json") else { continue }
      facts[String(name.dropLast(5))] = try read(HostFacts.self, "facts/\(name)")
    }
    return facts
  }

  package func record(_ facts: HostFacts, of host: String) throws {
    try write(facts, "facts/\(host).json")
  }

  package func podSubnets() throws -> [String: CIDR] {
    try read([String: CIDR].self, "pod-subnets.json") ?? [:]
  }

  /// The cluster of EKS as it was last found.
  package func eks() throws -> EKSMembership? { try read(EKSMembership.self, "eks.json") }

  package func record(eks: EKSMembership) throws { try write(eks, "eks.json") }

  package func record(podSubnets: [String: CIDR]) throws {
    try write(podSubnets, "pod-subnets.json")
  }

  package func etcd() throws -> EtcdRecord {
    try read(EtcdRecord.self, "etcd-members.json") ?? EtcdRecord()
  }

  package func record(etcd: EtcdRecord) throws { try write(etcd, "etcd-members.json") }

  /// The labels and taints of ours on each node, by host name.
  package func nodeMarks() throws -> [String: NodeMarks] {
    try read([String: NodeMarks].self, "node-marks.json") ?? [:]
  }

  package func record(nodeMarks: [String: NodeMarks]) throws {
    try write(nodeMarks, "node-marks.json")
  }

  private func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
    let file = "\(path)/\(name)"
    guard access(file, F_OK) == 0 else { return nil }
    do {
      return try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: file)))
    } catch {
      throw Failure(
        .state,
        "\(file) is damaged",
        why: Failure.reason(of: error),
        remedy: "restore it from a backup; remove it only if you know what it records"
      )
    }
  }

  private func write(_ value: some Encodable, _ name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write(Array(encoder.encode(value)) + [10], to: name)
  }

  /// Writes a file of the folder atomically, 0600; leaves it alone where it holds these bytes already.
  package func write(_ bytes: [UInt8], to name: String) throws {
    let file = "\(path)/\(name)"
    if let present = try? Data(contentsOf: URL(filePath: file)), Array(present) == bytes { return }
    let temporary = "\(file).\(getpid()).tmp"
    func failed(_ what: String) -> Failure {
      let why = String(cString: strerror(errno))
      unlink(temporary)
      return Failure(
        .state,
        "cannot \(what) \(file)",
        why: why,
        remedy: "free space or mend rights"
      )
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failed("write") }
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: offset), bytes.count - offset)
      }
      guard count > 0 else {
        close(descriptor)
        throw failed("write")
      }
      offset += count
    }
    let synced = fsync(descriptor) == 0
    close(descriptor)
    guard synced, rename(temporary, file) == 0 else { throw failed("replace") }
  }

  // MARK: Lock

  /// Runs `body` while no other run of ours works on this cluster.
  /// - Throws: `Failure` (`locked`) at once where another run does.
  package func locked<Result: Sendable>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    try create()
    let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Failure(
        .state,
        "cannot open \(path)/lock",
        why: String(cString: strerror(errno)),
        remedy: "mend the rights of the state folder"
      )
    }
    // The kernel drops the lock with the process, so a killed run leaves none behind.
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Failure(
        .locked,
        "another run works on this cluster",
        why: "\(path)/lock is held",
        remedy: "wait for it to end"
      )
    }
    return try await body()
  }
}
