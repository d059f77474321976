// SPDX-License-Identifier: Apache-2.0

import Spec

/// Where the programs of handlers are.
enum HandlerPrograms {
  static let kataShim = "/usr/bin/containerd-shim-kata-v2"

  /// The program that CRI-O calls: of Kata the shim, or before there was one the OCI runtime of Kata 1.
  ///
  /// Source: kata-containers docs/how-to/how-to-use-k8s-with-crio-and-kata.md; the how-to of Kata 1.
  static func crioPath(_ handler: HandlerSpec, isShim: Bool) -> String {
    if let path = handler.runtime { return path }
    return switch handler.type {
    case .kata: isShim ? kataShim : "/usr/bin/kata-runtime"
    case .clearContainers: "/usr/bin/cc-runtime"
    // The spec's rules ask for its path.
    case .custom: "/usr/bin/\(handler.name)"
    }
  }

  /// Whether the path is named as shims are: CRI-O from 1.21 on goes by that too.
  static func isShim(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return name.hasPrefix("containerd-shim-") && name.hasSuffix("-v2")
  }
}
