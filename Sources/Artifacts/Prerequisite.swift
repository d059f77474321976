// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// What this computer needs for building: a command or a file, and the Debian package that has it.
struct Prerequisite: Sendable, Equatable {
  let path: String
  let package: String

  static let apt = Self(path: "apt-get", package: "apt")
  static let dpkg = Self(path: "dpkg-deb", package: "dpkg")
  static let dpkgSource = Self(path: "dpkg-source", package: "dpkg-dev")
  static let go = Self(path: "go", package: "golang-go")
  static let keyring = Self(
    path: "/usr/share/keyrings/debian-archive-keyring.gpg",
    package: "debian-archive-keyring"
  )

  /// A C compiler whose programs are for `architecture` and need no libraries; nil: not from here.
  static func compiler(for architecture: Architecture) -> [Self]? {
    let gcc = Self(path: "gcc", package: "gcc")
    return switch architecture {
    case .amd64:
      [gcc, Self(path: "/usr/lib/x86_64-linux-gnu/libc.a", package: "libc6-dev")]
    case .x86: [gcc, Self(path: "/usr/lib32/libc.a", package: "gcc-multilib")]
    case .arm64, .arm: nil
    }
  }

  /// For Debian's binary packages.
  static let packages = [apt, dpkg, keyring]

  var isThere: Bool {
    path.hasPrefix("/") ? LocalFile.exists(path) : Tool.path(of: path) != nil
  }

  /// Checks that all of `wanted` are there, and installs what is not where `installing` says so.
  /// - Throws: `Failure(.artifact)` naming the missing packages.
  static func check(
    _ wanted: [Self],
    for purpose: String,
    installing: Bool,
    progress: ArtifactEventSink
  ) async throws {
    let missing = wanted.filter { !$0.isThere }
    if missing.isEmpty { return }
    let packages = missing.map(\.package).joined(separator: " ")
    guard installing, !missing.contains(apt) else {
      throw Failure(
        .artifact,
        "\(purpose) needs what this computer lacks: \(packages)",
        remedy: missing.contains(apt)
          ? "build on Debian, or give a folder or mirror of programs as spec.artifacts.sources"
          : "apt-get install \(packages)"
      )
    }
    guard geteuid() == 0 else {
      throw Failure(
        .artifact,
        "only root may install \(packages)",
        remedy: "sudo apt-get install \(packages)"
      )
    }
    await progress(.started(stage: "install \(packages)"))
    _ = try await Tool.output(
      "apt-get",
      ["install", "--yes", "--quiet", "--no-install-recommends"] + missing.map(\.package),
      environment: ["DEBIAN_FRONTEND": "noninteractive"],
      purpose: "installing \(packages)"
    )
  }
}
