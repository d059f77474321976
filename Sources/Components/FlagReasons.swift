// SPDX-License-Identifier: Apache-2.0

/// Why a flag is on a server program's command line.
package struct FlagReason: Sendable, Equatable {
  /// A sentence.
  package var why: String
  /// Ids of the CIS benchmark, of cis-1.12 where nothing else is said.
  package var cis: String?
  /// The key of the spec that its value comes from.
  package var specKey: String?

  init(_ why: String, cis: String? = nil, spec: String? = nil) {
    self.why = why
    self.cis = cis
    specKey = spec
  }
}

/// The reason of every flag that we give to a program.
package enum FlagReasons {
  /// Why `program` (`etcd`, `kube-apiserver`) is given the flag, written without dashes; nil for a flag
  /// that it is never given.
  package static func reason(for flag: String, of program: String) -> FlagReason? {
    table[program]?[flag]
  }

  /// The flags that we ever give to `program`, sorted.
  package static func flags(of program: String) -> [String] {
    (table[program] ?? [:]).keys.sorted()
  }

  static let table: [String: [String: FlagReason]] = [
    "etcd": etcd, "kube-apiserver": apiServer, "kube-controller-manager": controllerManager,
    "kube-scheduler": scheduler, "kubelet": kubelet, "kube-proxy": proxy,
  ]
}
