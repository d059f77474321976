// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// A flag of a server program before it is known whether the program has it.
struct Flag: Sendable {
  enum Need: Sendable {
    /// The cluster is not right without it: a program that lacks it is a defect of ours.
    case required
    /// Only some versions have it, and those that lack it do without.
    case ifKnown
  }
  let name: String
  let value: String
  let need: Need

  static func set(_ name: String, _ value: String) -> Self {
    Self(name: name, value: value, need: .required)
  }

  static func ifKnown(_ name: String, _ value: String) -> Self {
    Self(name: name, value: value, need: .ifKnown)
  }
}

/// The command line of a server program: only flags that the program has at its version, each with a
/// reason that `explain` can give.
struct Arguments: Sendable {
  /// `--name=value`, in the order given.
  let words: [String]

  /// - Throws: `Failure` (`internalError`) for a required flag that the minor lacks, a flag without a
  ///   reason, or one given twice.
  init(_ program: ServerProgram, at minor: Minor, _ flags: [Flag]) throws {
    try self.init(program: program.rawValue, version: minor.description, flags) {
      Catalog.standard.has(flag: $0, of: program, at: minor)
    }
  }

  /// The same for etcd, whose flags go by its own version.
  init(etcd version: KubernetesVersion, _ flags: [Flag]) throws {
    try self.init(program: "etcd", version: version.description, flags) {
      VersionedChoices.etcdHas(flag: $0, at: version)
    }
  }

  private init(
    program: String,
    version: String,
    _ flags: [Flag],
    knows: (String) -> Bool
  ) throws {
    var seen: Set<String> = []
    var words: [String] = []
    for flag in flags {
      guard seen.insert(flag.name).inserted else {
        throw Failure(.internalError, "--\(flag.name) is given to \(program) twice")
      }
      guard FlagReasons.reason(for: flag.name, of: program) != nil else {
        throw Failure(.internalError, "--\(flag.name) of \(program) has no reason to explain it")
      }
      guard knows(flag.name) else {
        guard flag.need == .ifKnown else {
          throw Failure(.internalError, "\(program) \(version) has no flag --\(flag.name)")
        }
        continue
      }
      words.append("--\(flag.name)=\(flag.value)")
    }
    self.words = words
  }
}
