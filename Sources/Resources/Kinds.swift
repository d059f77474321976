// SPDX-License-Identifier: Apache-2.0

package import Values

/// A directory; what it holds is not ours unless listed itself.
package struct Directory: Sendable, Equatable {
  package var path: String
  package var mode: FileMode
  package var owner: String
  package var group: String
  package var reason: String
  /// `reset` removes it with all it holds (data, caches), not only when it is empty.
  package var ownsContents: Bool
  package init(
    path: String, mode: FileMode = 0o755, owner: String = "root", group: String = "root",
    ownsContents: Bool = false, reason: String
  ) {
    self.path = path
    self.mode = mode
    self.owner = owner
    self.group = group
    self.ownsContents = ownsContents
    self.reason = reason
  }
}

/// A symbolic link.
package struct Link: Sendable, Equatable {
  package var path: String
  package var target: String
  package var reason: String
  package init(path: String, target: String, reason: String) {
    self.path = path
    self.target = target
    self.reason = reason
  }
}

/// Lines of ours between two markers in a file that is somebody else's (/etc/hosts).
package struct ManagedBlock: Sendable, Equatable {
  package var path: String
  /// Distinguishes blocks of ours in one file: `kubewright NAME`.
  package var label: String
  package var lines: [String]
  package var reason: String
  package init(path: String, label: String, lines: [String], reason: String) {
    self.path = path
    self.label = label
    self.lines = lines
    self.reason = reason
  }
}

/// A kernel setting, applied at once and kept by a drop-in of our own; `reset` puts the prior value back.
package struct Sysctl: Sendable, Equatable {
  /// `net.ipv4.ip_forward`.
  package var key: String
  package var value: String
  /// Not an error where the kernel has no such key (a module is missing, a container hides it).
  package var optional: Bool
  package var reason: String
  package init(key: String, value: String, optional: Bool = false, reason: String) {
    self.key = key
    self.value = value
    self.optional = optional
    self.reason = reason
  }
}

/// A module loaded now and at boot; one that is built in counts as loaded.
package struct KernelModule: Sendable, Equatable {
  package var name: String
  /// A path whose existence shows that the kernel has it, loaded or built in: `/proc/sys/net/bridge`.
  package var shownBy: String?
  package var reason: String
  package init(name: String, shownBy: String? = nil, reason: String) {
    self.name = name
    self.shownBy = shownBy
    self.reason = reason
  }
}

/// A package of the host's own package manager. Installed if absent; never upgraded or removed by us
/// unless we installed it.
package struct Package: Sendable, Equatable {
  package var name: String
  package var manager: String
  package var reason: String
  package init(name: String, manager: String, reason: String) {
    self.name = name
    self.manager = manager
    self.reason = reason
  }
}

/// A large file that travels apart from the program, once a host and content.
package struct Binary: Sendable, Equatable {
  package var path: String
  package var digest: Digest
  package var size: Int
  package var mode: FileMode
  /// Where the operator's side has it.
  package var source: String
  /// Where the host itself may fetch it, if the spec allows that.
  package var url: String?
  package var reason: String
  package init(
    path: String, digest: Digest, size: Int, mode: FileMode = 0o755, source: String,
    url: String? = nil, reason: String
  ) {
    self.path = path
    self.digest = digest
    self.size = size
    self.mode = mode
    self.source = source
    self.url = url
    self.reason = reason
  }
}

/// A system user and group of the same name without login.
package struct SystemUser: Sendable, Equatable {
  package var name: String
  package var home: String
  package var reason: String
  package init(name: String, home: String = "/nonexistent", reason: String) {
    self.name = name
    self.home = home
    self.reason = reason
  }
}

/// No active swap, now and after a reboot.
package struct SwapOff: Sendable, Equatable {
  package var reason: String
  package init(reason: String) {
    self.reason = reason
  }
}

/// An image archive (docker-archive form) loaded into the runtime's store.
package struct ContainerImage: Sendable, Equatable {
  /// `registry.k8s.io/pause:3.2`.
  package var reference: String
  /// The archive on the host: a `Binary` delivers it.
  package var archive: String
  /// `containerd`: through `ctr -n k8s.io images import`.
  package var engine: String
  package var reason: String
  package init(reference: String, archive: String, engine: String, reason: String) {
    self.reference = reference
    self.archive = archive
    self.engine = engine
    self.reason = reason
  }
}

/// A systemd unit that is enabled and runs; its file is a `File` of its own.
package struct Unit: Sendable, Equatable {
  package var name: String
  /// What it must be restarted for: ids of files and binaries that it reads when it starts. Its stamp is a
  /// digest over them, kept on the host, so that a restart owed is done even if the run was interrupted.
  package var dependsOn: [ResourceID]
  /// A oneshot unit that stays `active (exited)` counts as running either way; this is how it is refreshed.
  package var reloads: Bool
  /// Seconds it may take to become active.
  package var startTimeout: Int
  package var reason: String
  package init(
    name: String, dependsOn: [ResourceID] = [], reloads: Bool = false, startTimeout: Int = 90,
    reason: String
  ) {
    self.name = name
    self.dependsOn = dependsOn
    self.reloads = reloads
    self.startTimeout = startTimeout
    self.reason = reason
  }
}
