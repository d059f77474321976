// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Spec
import Values

/// crio.conf in the form that a minor of CRI-O reads.
///
/// CRI-O ignores keys that it does not know without a word, so a key that a minor lacks is a fault of
/// ours and never written. What is not said here is as CRI-O's own defaults have it.
struct CRIOConfiguration {
  let context: HostContext

  init(_ context: HostContext) {
    self.context = context
  }

  /// A file beside the package's from when on CRI-O reads such, else the whole file.
  static func path(at minor: Minor) -> String {
    Catalog.standard.has(.crioDropIns, at: minor)
      ? "/etc/crio/crio.conf.d/50-kubewright.conf" : "/etc/crio/crio.conf"
  }

  /// - Throws: `Failure` (`internalError`) for a key that the minor lacks.
  func text() throws -> String {
    var keys = CRIOKeys(minor: context.crioMinor)
    try storage(&keys)
    try keys.set(
      "api.listen",
      .text("/var/run/crio/crio.sock"),
      "Where the kubelet reaches CRI-O."
    )
    try runtime(&keys)
    try CRIOHandlers(context).write(to: &keys)
    try image(&keys)
    try network(&keys)
    return keys.text
  }

  private func storage(_ keys: inout CRIOKeys) throws {
    try keys.set(
      "storage_driver",
      .text(context.crio.storageDriver.rawValue),
      "How images and containers are laid out."
    )
  }

  private func runtime(_ keys: inout CRIOKeys) throws {
    let driver = CgroupDriver(context.facts)
    if !Catalog.standard.has(.crioConmonFromPath, at: context.crioMinor) {
      try keys.set(
        "runtime.conmon",
        .text(
          context.crio.source == .host
            ? context.facts.tools["conmon"] ?? Self.packagedConmon : Self.packagedConmon
        ),
        "What watches over each container."
      )
    }
    try keys.set("runtime.cgroup_manager", .text(driver.rawValue), "As the kubelet's cgroupDriver.")
    if driver == .cgroupfs {
      // CRI-O's own default is a slice of systemd's, which it refuses without systemd.
      try keys.setIfKnown(
        "runtime.conmon_cgroup",
        .text("pod"),
        "Monitors live in their pods' cgroups, and outlive CRI-O there."
      )
    }
    if !Catalog.standard.has(.crioBuiltInSeccomp, at: context.crioMinor) {
      try keys.set(
        "runtime.seccomp_profile",
        .text("/etc/crio/seccomp.json"),
        "The package's profile; this CRI-O has none built in."
      )
    }
    try keys.setIfKnown(
      "runtime.seccomp_use_default_when_empty",
      .flag(true),
      "Pods that ask for no seccomp profile get CRI-O's."
    )
    try keys.setIfRecommended(
      "runtime.pids_limit",
      .number(1024),
      "Processes of one container; the kubelet's podPidsLimit holds for whole pods."
    )
  }

  /// Where packages of CRI-O up to 1.15 have it.
  private static let packagedConmon = "/usr/libexec/crio/conmon"

  private func image(_ keys: inout CRIOKeys) throws {
    try keys.set(
      "image.pause_image",
      .text(Catalog.standard.fact(.pauseImage, at: context.minor)),
      "Holds each pod's namespaces; the one that the cluster delivers."
    )
    try keys.set("image.pause_command", .text("/pause"), "What runs in it.")
    try keys.set(
      "image.signature_policy",
      .text(CRIOFiles.policy),
      "Which images may be pulled."
    )
    if !Catalog.standard.has(.crioSearchRegistries, at: context.crioMinor) {
      try keys.set(
        "image.registries",
        .texts(context.imageRegistries),
        "Where images without a registry in their name are looked for."
      )
    }
    if context.imageRegistries.count > 1 {
      try keys.setIfKnown(
        "image.short_name_mode",
        .text("disabled"),
        "With several registries the first that has the image wins; CRI-O would refuse."
      )
    }
  }

  private func network(_ keys: inout CRIOKeys) throws {
    try keys.set(
      "network.network_dir",
      .text(Layout.cniConfigurations),
      "Where the pod network is described."
    )
    // The older key is still read by all, but warned of where the newer is known.
    let folders: TOMLText.Value = .texts([Layout.cniPrograms])
    if !(try keys.setIfKnown("network.plugin_dirs", folders, "The CNI plugins.")) {
      try keys.set("network.plugin_dir", .text(Layout.cniPrograms), "The CNI plugins.")
    }
  }
}

/// The keys of a crio.conf, checked against what the minor reads.
struct CRIOKeys {
  let minor: Minor
  private var document = TOMLText()

  init(minor: Minor) {
    self.minor = minor
  }

  var text: String { document.text }

  /// Sets `runtime.cgroup_manager`, or `runtime.runtimes.NAME.runtime_path`.
  /// - Throws: `Failure` (`internalError`) where the minor lacks the key.
  mutating func set(_ key: String, _ value: TOMLText.Value, _ reason: String) throws {
    guard try setIfKnown(key, value, reason) else {
      throw Failure(.internalError, "CRI-O \(minor) has no key crio.\(key)")
    }
  }

  /// Sets it where the minor has it.
  /// - Returns: whether it has.
  @discardableResult
  mutating func setIfKnown(
    _ key: String,
    _ value: TOMLText.Value,
    _ reason: String
  ) throws -> Bool {
    guard Catalog.standard.has(field: Self.field(key), of: .crio, at: minor) else { return false }
    write(key, value, reason)
    return true
  }

  /// Sets it where the minor has it and nothing has taken its place.
  mutating func setIfRecommended(
    _ key: String,
    _ value: TOMLText.Value,
    _ reason: String
  ) throws {
    guard Catalog.standard.recommends(field: Self.field(key), of: .crio, at: minor) else { return }
    write(key, value, reason)
  }

  private mutating func write(_ key: String, _ value: TOMLText.Value, _ reason: String) {
    let parts = key.split(separator: ".")
    let table = (["crio"] + parts.dropLast()).joined(separator: ".")
    document.set(String(parts.last ?? ""), in: table, to: value, reason: reason)
  }

  /// The catalog's name for a key: without the name of a runtime.
  static func field(_ key: String) -> String {
    var parts = key.split(separator: ".")
    if parts.count == 4, parts.starts(with: ["runtime", "runtimes"]) { parts.remove(at: 2) }
    return parts.joined(separator: ".")
  }
}
