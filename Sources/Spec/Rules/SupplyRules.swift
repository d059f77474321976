// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// Programs that only the user can supply.
enum SupplyRules {
  static let all = [
    Rule(
      doc:
        "From Kubernetes 1.24 on, the engine docker needs a folder among the sources of programs "
        + "that holds `cri-dockerd`.",
      check: docker
    ),
    Rule(
      doc: "The pod network flannel needs a folder among the sources of programs that holds "
        + "`flanneld` and the CNI plugin `flannel`.",
      check: flannel
    ),
  ]

  private static let supply =
    "put it there as ARCH/NAME (386/flanneld, amd64/cri-dockerd) and add {folder: PATH} to "
    + "spec.artifacts.sources"

  private static func hasFolder(_ spec: ClusterSpec, _ reading: Reading) -> Bool {
    // What cannot be read may be the folder.
    guard reading.isSound(SpecPath("spec", "artifacts", "sources")) else { return true }
    return spec.artifacts.sources.contains { if case .folder = $0 { true } else { false } }
  }

  @Sendable private static func docker(_ spec: ClusterSpec, _ reading: inout Reading) {
    let minor = spec.kubernetes.version.minor
    guard reading.isSound(SpecPath("spec", "kubernetes", "version")),
      !Catalog.standard.has(.dockershim, at: minor), !hasFolder(spec, reading)
    else { return }
    for (path, host) in reading.hosts(of: spec, with: "runtime")
    where host.runtime.engine == .docker {
      reading.error(
        path["engine"],
        "the kubelet of Kubernetes \(minor) drives Docker only through cri-dockerd, which no source "
          + "but a folder of yours has: \(supply)"
      )
    }
  }

  @Sendable private static func flannel(_ spec: ClusterSpec, _ reading: inout Reading) {
    let path = SpecPath("spec", "network", "cni", "type")
    guard reading.isSound(path), spec.network.cni == .flannel, !hasFolder(spec, reading) else {
      return
    }
    reading.error(
      path,
      "flannel's programs flanneld and flannel are in no source but a folder of yours: \(supply)"
    )
  }
}
