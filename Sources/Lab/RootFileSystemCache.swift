// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import SystemPackage
import Values

/// The root file systems made on this computer, one a recipe, under `CACHE/rootfs`.
struct RootFileSystemCache: Sendable {
  let folder: String

  init(cache: String) {
    folder = cache + "/rootfs"
  }

  func path(of recipe: RootFileSystem) -> String { "\(folder)/\(recipe.key)" }

  func contains(_ recipe: RootFileSystem) -> Bool { TextFile.exists(path(of: recipe)) }

  /// The path of the root file system, made if it is not there.
  ///
  /// An interrupted build leaves nothing that is taken for a whole one; two that want the same
  /// one build it once.
  /// - Throws: `Failure`: `preflight` without a Debian archive in apt's configuration, `step` with
  ///   debootstrap's last lines.
  func make(_ recipe: RootFileSystem, progress: LabProgress) async throws -> String {
    let path = path(of: recipe)
    if contains(recipe) { return path }
    try TextFile.makeDirectory(folder)
    return try await withFileLock(path + ".lock") {
      await progress(.detail("waiting for another build of the root file system \(recipe.key)"))
    } body: {
      if contains(recipe) { return path }
      let archive = try Self.archive(for: recipe.userland)
      try await step("making the root file system \(recipe.key)", progress) {
        try await build(recipe, from: archive, at: path, progress)
      }
      return path
    }
  }

  private func build(
    _ recipe: RootFileSystem,
    from archive: AptSources.Entry,
    at path: String,
    _ progress: LabProgress
  ) async throws {
    let target = path + ".new"
    try await Program("rm", "-rf", "--one-file-system", target).run("remove \(target)")
    try TextFile.makeDirectory(target + "/etc/dpkg/dpkg.cfg.d")
    try TextFile.write(
      RootFileSystem.dpkgOptions,
      to: target + "/etc/dpkg/dpkg.cfg.d/lab-build"
    )
    let command = recipe.command(target: target, archive: archive)
    let proxy = try await Program("apt-config", "dump", "--format", "%v", "Acquire::http::Proxy")
      .outcome().output
    try await run(
      command,
      environment: proxy.isEmpty || proxy == "DIRECT" ? [:] : ["http_proxy": proxy],
      log: path + ".log",
      progress
    )
    try await Program("sh", "-c", "cd \"$1\" && exec sh -s", "sh", target)
      .run("finish the root file system", input: RootFileSystem.finish)
    // The rename must not reach the disk before what it names.
    try await Program("sync", "-f", target).run("write the root file system to the disk")
    try await Program("mv", "-T", target, path).run("put the root file system in its place")
  }

  /// Runs debootstrap, shows its lines with the time that has passed, and keeps them in `log`.
  private func run(
    _ command: Program,
    environment: [String: String],
    log: String,
    _ progress: LabProgress
  ) async throws {
    let clock = ContinuousClock()
    let start = clock.now
    var lines: [String] = []
    let updates = Dictionary(
      uniqueKeysWithValues: environment.compactMap { name, value in
        Environment.Key(rawValue: name).map { ($0, Optional(value)) }
      }
    )
    let result = try await Subprocess.run(
      .name(command.words[0]),
      arguments: Arguments(Array(command.words.dropFirst())),
      environment: .inherit.updating(updates),
      input: .none,
      output: .sequence,
      error: .combinedWithOutput
    ) { execution in
      for try await line in execution.standardOutput.strings() {
        lines.append(line)
        let seconds = (clock.now - start).components.seconds
        await progress(
          .detail("\(seconds) s: \(line.hasPrefix("I: ") ? String(line.dropFirst(3)) : line)")
        )
      }
    }
    try TextFile.write(lines.joined(separator: "\n") + "\n", to: log)
    guard result.terminationStatus.isSuccess else {
      throw Failure(
        .step,
        "cannot make a root file system with debootstrap",
        why: lines.suffix(8).joined(separator: "\n"),
        remedy: "the whole log is in \(log)"
      )
    }
  }

  /// The Debian archive that this computer's own apt is configured with.
  static func archive(for userland: Userland, root: String = "") throws -> AptSources.Entry {
    var sources = AptSources()
    let folder = root + "/etc/apt/sources.list.d"
    let parts = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    for file in [root + "/etc/apt/sources.list"] + parts.map({ "\(folder)/\($0)" }) {
      guard let text = TextFile.read(file) else { continue }
      if file.hasSuffix(".list") { sources.add(list: text) }
      if file.hasSuffix(".sources") { sources.add(deb822: text) }
    }
    sources.resolveMirrorFiles { TextFile.read(root + $0) }
    guard let archive = sources.debianArchive(for: userland.release) else {
      throw Failure(
        .preflight,
        "cannot find a Debian archive to make the hosts' root file system from",
        why: "no source of this computer's apt is one",
        remedy: "add a deb line for Debian's archive to /etc/apt/sources.list.d"
      )
    }
    return archive
  }
}
