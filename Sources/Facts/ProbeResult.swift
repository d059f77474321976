// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// What a probe brought back.
package struct ProbeResult: Sendable, Equatable {
  package var facts: HostFacts
  /// The host's list of what we put there, as it is; empty where there is none.
  package var manifest: String
  /// Why the host cannot say which instance it is, where it was asked.
  package var instanceProblem: String?

  package init(facts: HostFacts, manifest: String, instanceProblem: String? = nil) {
    self.facts = facts
    self.manifest = manifest
    self.instanceProblem = instanceProblem
  }
}

extension Probe {
  /// Seconds since 1970 on this machine.
  package static func clock() -> Int { Int(time(nil)) }

  /// Reads what a program of `program()` printed, which is hostile until read.
  ///
  /// - Parameters:
  ///   - text: the program's standard output.
  ///   - asked: the operator's seconds since 1970 when the program was sent.
  ///   - answered: those when its answer was there. A host's clock that reads a time in between is right:
  ///     a slow answer is no wrong clock.
  /// - Returns: what the host is, and its manifest.
  /// - Throws: `Failure` (`preflight`) when the text is not whole, or names an architecture that we do
  ///   not know.
  package static func parse(
    _ text: String,
    asked: Int = Probe.clock(),
    answered: Int = Probe.clock()
  ) throws -> ProbeResult {
    let lines = text.utf8.split(
      separator: UInt8(ascii: "\n"),
      omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
    guard let start = lines.firstIndex(of: "kubewright-probe 1"),
      let manifest = lines[start...].firstIndex(of: "manifest"),
      let end = lines.lastIndex(of: "end"), manifest < end
    else {
      throw Failure(
        .preflight,
        "the host's answer to the probe is not whole",
        why: lines.first.map { ProbeReader.printable($0) },
        remedy: "check that a login runs sh and that nothing ends it early"
      )
    }
    var reader = ProbeReader(asked: asked, answered: answered)
    for line in lines[(start + 1)..<manifest] { reader.read(line) }
    let kept = lines[(manifest + 1)..<end]
    let ownManifest = kept.isEmpty ? "" : kept.joined(separator: "\n") + "\n"
    return ProbeResult(
      facts: try reader.facts(manifest: kept),
      manifest: ownManifest,
      instanceProblem: reader.instance.problem
    )
  }
}
