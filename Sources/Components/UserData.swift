// SPDX-License-Identifier: Apache-2.0

package import Resources
package import Values

/// What an EC2 instance is given to become a node by itself: a program that asks the instance's metadata
/// for what only the instance knows, and makes the host what it should be.
package enum UserData {
  /// What the program has to be told of how values are found.
  package struct Inputs: Sendable, Equatable {
    /// How many pods a node may have.
    package enum MaxPods: Sendable, Equatable {
      case number(Int)
      /// By instance type: the number, and the types that have it.
      case table([Int: [String]])
    }

    /// Nil where no file needs it.
    package var maxPods: MaxPods?
    /// Nil: by EKS' rule for a service network that nobody tells.
    package var clusterDNS: IPv4Address?
    package var allowsIMDSv1: Bool
    /// Seconds to wait for metadata that do not answer yet.
    package var patience: Int
    /// As `ConvergeRequest.settling`.
    package var settling: Int
    /// As `ConvergeRequest.stageEnds`.
    package var stageEnds: [Int]

    package init(
      maxPods: MaxPods? = nil,
      clusterDNS: IPv4Address? = nil,
      allowsIMDSv1: Bool = false,
      patience: Int = 30,
      settling: Int = 5,
      stageEnds: [Int] = []
    ) {
      self.maxPods = maxPods
      self.clusterDNS = clusterDNS
      self.allowsIMDSv1 = allowsIMDSv1
      self.patience = patience
      self.settling = settling
      self.stageEnds = stageEnds
    }
  }

  /// The values that the host has to find out.
  package static func lateValues(of desired: [Resource]) -> Set<LateValue> {
    var values: Set<LateValue> = []
    for case .file(let file) in desired { values.formUnion(file.lateValues) }
    return values
  }

  /// The program itself; it can be run at every boot, and as often as one likes.
  /// - Throws: `Failure` as `Program.converge`, or (`invalidInput`) where the inputs lack something.
  package static func script(
    cluster: String,
    host: String,
    desired: [Resource],
    inputs: Inputs
  ) throws -> String {
    try Program.converge(
      ConvergeRequest(
        cluster: cluster,
        host: host,
        desired: desired,
        stageEnds: inputs.stageEnds,
        discovery: try InstanceDiscovery(lateValues(of: desired), inputs, host: host).discovery,
        settling: inputs.settling
      )
    )
  }

  /// EC2's limit of user data, in bytes.
  package static let limit = 16_384

  /// Where cloud-init finds what it runs at every boot.
  package static let scriptPath = Program.bootScript

  /// A cloud-config by which cloud-init runs the program at the first boot and at every other.
  ///
  /// The module write_files belongs to cloud-init's second stage, scripts-per-boot to its last, so the file
  /// is there when the first boot comes to it.
  /// - Throws: `Failure` as `script`, or (`invalidInput`) where keys would be in it: every process of the
  ///   instance can read user data, and everybody who may describe the instance.
  package static func cloudConfig(
    cluster: String,
    host: String,
    desired: [Resource],
    inputs: Inputs
  ) throws -> String {
    let secrets = desired.compactMap { resource in
      if case .file(let file) = resource, case .secret = file.content { file.path } else { nil }
    }
    guard secrets.isEmpty else {
      let more = secrets.count > 3 ? " and \(secrets.count - 3) more" : ""
      throw Failure(
        .invalidInput,
        host: host,
        "user data would hold private keys",
        why: secrets.prefix(3).joined(separator: ", ") + more
          + "; every process on the instance can read its user data, and so can everybody who may call "
          + "ec2:DescribeInstanceAttribute",
        remedy:
          "bring this host up over SSH, or deliver `render --format script` by a way that keeps secrets"
      )
    }
    let script = try script(cluster: cluster, host: host, desired: desired, inputs: inputs)
    return """
      #cloud-config
      # kubewright: at every boot makes this host what it should be; the log is in cloud-init-output.log.
      write_files:
      - path: \(scriptPath)
        permissions: '0700'
        content: |
      \(script.indented(by: 3))
      """
  }

  /// Whether it fits; `bytes` is its compressed size, which `isTightest` says cannot be smaller.
  /// - Throws: `Failure` (`invalidInput`) that says what is large.
  package static func checkSize(
    _ bytes: Int,
    isTightest: Bool,
    of desired: [Resource],
    host: String
  ) throws {
    guard bytes > limit else { return }
    var sizes: [(size: Int, name: String)] = []
    for case .file(let file) in desired { sizes.append((file.bytes.count, file.path)) }
    sizes.sort { ($1.size, $0.name) < ($0.size, $1.name) }
    throw Failure(
      .invalidInput,
      host: host,
      "user data of \(bytes) bytes is more than the \(limit) that EC2 takes",
      why: "the largest files in it are "
        + sizes.prefix(3).map { "\($0.name) (\($0.size) bytes)" }.joined(separator: ", "),
      remedy: (isTightest ? "" : "install zopfli, which packs tighter than gzip; ")
        + "name spec.controlPlane.eks.maxPods, so that no table of instance types is needed; shorten the "
        + "files, or let the instance fetch what `render --format script` wrote"
    )
  }
}
