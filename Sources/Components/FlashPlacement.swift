// SPDX-License-Identifier: Apache-2.0

import Resources
import Spec
import Values

/// Where things lie on a host that runs EOS: its root file system is in memory and new at every reload, and
/// only /mnt/flash lasts.
///
/// Each file and program lies below /mnt/flash/kubernetes, by the path that it has elsewhere, and its usual
/// path is a link to it; folders that hold nothing but ours, and those of data, are linked whole. What
/// cannot lie there (links, folders, users, settings of the kernel, lines in /etc/hosts, images, units that
/// run) is brought back at boot: EOS runs /mnt/flash/rc.eos, a block of ours in it starts a unit, and that
/// runs the program of `Program.restore`.
struct FlashPlacement {
  static let home = Layout.flash
  /// What EOS itself runs at boot.
  static let hook = "/mnt/flash/rc.eos"
  static let unit = "kubewright-restore.service"

  /// Folders that are links as a whole; what is in them needs none.
  private static let linkedFolders = [
    Layout.kubernetes, "/etc/etcd", Layout.etcdData, Layout.auditLogs, Layout.proxy,
  ]
  private static let records = "/var/lib/kubewright"

  let context: HostContext

  init(_ context: HostContext) {
    self.context = context
  }

  /// The same things, placed so that they outlive a reload, and what brings them back.
  func place(_ wanted: [StagedResource]) -> [StagedResource] {
    let moved = wanted.filter { Self.moves($0.resource) }.map(\.resource.id)
    let placed =
      base
      + wanted.flatMap { item in
        Self.place(item.resource, moved: Set(moved)).map { StagedResource(item.stage, $0) }
      }
    let prepare = placed.filter { $0.stage == .prepare }
    let rest = placed.filter { $0.stage != .prepare }
    return prepare + boot(placed.map(\.resource)) + rest
  }

  private var base: [StagedResource] {
    [
      .directory(
        Directory(path: Self.home, reason: "All of this host's that must outlive a reload.")
      ),
      .link(
        Link(
          path: Self.records,
          target: Self.home + Self.records,
          reason: "The list of what was put here outlives a reload."
        )
      ),
    ].staged(.prepare)
  }

  // MARK: What moves

  private static func isInLinkedFolder(_ path: String) -> Bool {
    (linkedFolders + [records]).contains { path.hasPrefix($0 + "/") }
  }

  /// Whether the thing itself gets another path, and a link takes its own.
  private static func moves(_ resource: Resource) -> Bool {
    switch resource {
    case .file(let file): !isInLinkedFolder(file.path)
    case .binary(let binary): !isInLinkedFolder(binary.path)
    case .directory(let directory): linkedFolders.contains(directory.path)
    default: false
    }
  }

  private static func place(_ resource: Resource, moved: Set<ResourceID>) -> [Resource] {
    if moved.contains(resource.id) {
      switch resource {
      case .file(var file):
        file.path = home + file.path
        return [.file(file), link(to: resource)]
      case .binary(var binary):
        binary.path = home + binary.path
        return [.binary(binary), link(to: resource)]
      case .directory(var directory):
        directory.path = home + directory.path
        return [.directory(directory), link(to: resource)]
      default: return [resource]
      }
    }
    switch resource {
    case .unit(var unit):
      unit.dependsOn = unit.dependsOn.map { id in
        moved.contains(id) ? ResourceID(kind: id.kind, name: home + id.name) : id
      }
      return [.unit(unit)]
    case .user(var user) where user.name == "etcd":
      user.uid = etcdNumber
      return [.user(user)]
    default: return [resource]
    }
  }

  private static func link(to resource: Resource) -> Resource {
    let path = resource.id.name
    return .link(
      Link(path: path, target: home + path, reason: "\(resource.reason) Flash outlives a reload.")
    )
  }

  /// The number of the user etcd: its data keeps it while the list of users is new at every reload.
  ///
  /// etcd's port, which is above the numbers that systems give and below those of people on most.
  private static let etcdNumber = 2379

  // MARK: What brings it back

  private func boot(_ placed: [Resource]) -> [StagedResource] {
    let program = "\(Self.home)/boot/restore"
    let file = UnitFile(
      name: Self.unit,
      description: "Brings back what kubewright put on this host",
      command: [program],
      service: [("Type", "oneshot"), ("TimeoutStartSec", "0")]
    ).file(reason: "Runs at boot what brings back the rest; its log is in the journal.")
    let unitFile = Resource.file(file)
    let place = Self.place(unitFile, moved: [unitFile.id])
    let hook = ManagedBlock(
      path: Self.hook,
      label: "boot",
      lines: [
        "ln -sfn \(Self.home)\(file.path) \(file.path)", "systemctl daemon-reload",
        "systemctl --no-block start \(Self.unit)",
      ],
      interpreter: "#!/bin/sh",
      reason: "EOS runs this file at boot; the lines start what brings back the rest."
    )
    let restore = File(
      path: program,
      text: Program.restore(
        cluster: context.cluster.name,
        host: context.host.name,
        desired: placed + place,
        keeping: "/mnt/flash"
      ),
      mode: 0o700,
      reason: "Brings back at boot what the root file system lost: links, users, settings, units."
    )
    return ([.file(restore)] + place + [.block(hook)]).staged(.prepare)
  }
}
