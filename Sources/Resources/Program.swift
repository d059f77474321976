// SPDX-License-Identifier: Apache-2.0

package import Values

/// The POSIX sh programs that are sent to hosts, and how their answers are read; all of it is pure.
package enum Program {
  /// A program ends with it, having done nothing, while another is at work on the host (EX_TEMPFAIL of
  /// sysexits(3)).
  package static let busyExitCode: Int32 = 75

  /// What we know of a host is kept there: manifest, stamps, cached programs.
  ///
  /// Root's alone.
  package static let stateFolder = "/var/lib/kubewright"

  /// What was put on the host.
  package static let manifestPath = stateFolder + "/manifest"

  /// Where cloud-init finds what it runs at every boot; ours is there on hosts that became nodes by user data.
  ///
  /// It holds the spec as it was then, which nobody can tell from the spec of today by looking at it.
  package static let bootScript = "/var/lib/cloud/scripts/per-boot/kubewright"

  /// Where a host keeps a program until it is installed, by its digest.
  package static func cachePath(_ digest: Digest) -> String { "\(stateFolder)/cache/\(digest.hex)" }
}

/// One stage's work on one host.
package struct ApplyRequest: Sendable, Equatable {
  package var cluster: String
  package var host: String
  package var stage: String
  /// All that the host should hold, not only this stage's.
  package var desired: [Resource]
  /// What is done now, in this order.
  package var changes: [Change]
  /// What the host listed when it was looked at.
  package var manifest: [ManifestEntry]

  package init(
    cluster: String,
    host: String,
    stage: String,
    desired: [Resource],
    changes: [Change],
    manifest: [ManifestEntry]
  ) {
    self.cluster = cluster
    self.host = host
    self.stage = stage
    self.desired = desired
    self.changes = changes
    self.manifest = manifest
  }
}
