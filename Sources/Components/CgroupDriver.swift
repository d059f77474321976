// SPDX-License-Identifier: Apache-2.0

import Facts

/// Who makes the cgroups of pods.
///
/// The kubelet and the runtime must agree, so both ask here.
enum CgroupDriver: String {
  case systemd
  case cgroupfs

  /// systemd owns the one hierarchy of version 2.
  ///
  /// On version 1 and hybrid hosts cgroupfs works everywhere, in containers too, where systemd may
  /// not see the controllers.
  init(_ facts: HostFacts) {
    self = facts.initSystem == "systemd" && facts.cgroup == .v2 ? .systemd : .cgroupfs
  }

  /// What Docker does: as its own configuration says, or as ours does.
  static func ofDocker(_ facts: HostFacts) -> String {
    facts.foreignDockerDriver ?? Self(facts).rawValue
  }
}
