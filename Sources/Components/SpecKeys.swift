// SPDX-License-Identifier: Apache-2.0

import Resources

/// Which key of the spec decides what is at a path.
enum SpecKeys {
  static func key(of resource: Resource) -> String? {
    if case .link = resource, resource.id.name != FlashPlacement.hook {
      return "spec.hosts[].profile"
    }
    var path = resource.id.name
    if path.hasPrefix(FlashPlacement.home + "/") { path.removeFirst(FlashPlacement.home.count) }
    return table.first { path == $0.path || path.hasPrefix($0.path + "/") }?.key
  }

  /// The first that fits counts.
  private static let table: [(path: String, key: String)] = [
    (FlashPlacement.hook, "spec.hosts[].profile"),
    ("/boot/restore", "spec.hosts[].profile"),
    ("\(Layout.binaries)/etcd", "spec.etcd.version"),
    ("\(Layout.binaries)/flanneld", "spec.network.cni.type"),
    ("\(Layout.binaries)/cri-dockerd", "spec.hosts[].runtime.engine"),
    (Layout.binaries, "spec.kubernetes.version"),
    ("\(Layout.cniConfigurations)", "spec.network.cni.type"),
    (Layout.cniPrograms, "spec.network.cni.type"),
    (Layout.flannelNetwork, "spec.network.cni.backend"),
    (Layout.flannelKubeconfig, "spec.network.cni.type"),
    (Layout.containerdConfig, "spec.hosts[].runtime.engine"),
    (Layout.dockerConfig, "spec.hosts[].runtime.engine"),
    (Layout.conntrackOptions, "spec.network.proxy.conntrackBuckets"),
    (Layout.auditPolicy, "spec.audit"),
    (Layout.auditLogs, "spec.audit"),
    (Layout.encryption, "spec.secretsEncryption.provider"),
    (Layout.pki, "spec.pki"),
    (Layout.etcdPKI, "spec.pki"),
    (Layout.kubeletPKI, "spec.pki"),
    (Layout.etcdData, "spec.hosts[].roles"),
    (Layout.networkScript, "spec.network"),
    (Firewalld.folder, "spec.network"),
    ("/etc/hosts", "spec.hosts[].name, spec.hosts[].nodeIP"),
  ]
}
