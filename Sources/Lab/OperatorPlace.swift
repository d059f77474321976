// SPDX-License-Identifier: Apache-2.0

import Glibc
import Values

/// What a machine of the lab needs so that the operator can do everything from there: this very
/// program, the topology's folder with the cluster's spec, keys and state, and the cache.
struct OperatorPlace: Sendable, Equatable {
  /// Where it all is on the machine.
  static let folder = "/opt/kubewright"

  /// Where Swift's own libraries are there; the program looks for them beside itself.
  static let libraries = folder + "/lib"

  /// The topology's folder, absolute; seen under the same path, for paths in specs are absolute.
  let workspace: String?
  let cache: String

  /// - Throws: `Failure` (`state`) where this program's own file cannot be found.
  func binds() async throws -> [Bind] {
    guard let program = realpath("/proc/self/exe", nil) else {
      throw Failure(
        .state,
        "cannot find this program's own file",
        why: "there is no /proc/self/exe"
      )
    }
    defer { free(program) }
    var binds = [
      Bind(
        source: String(cString: program),
        target: Self.folder + "/kubewright",
        isReadOnly: true,
        link: "/usr/local/bin/kubewright"
      ),
      Bind(source: cache, target: "/root/.cache/kubewright", isReadOnly: false),
    ]
    if let workspace {
      binds.append(
        Bind(
          source: workspace,
          target: workspace,
          isReadOnly: false,
          link: Self.folder + "/lab"
        )
      )
    }
    let maps = try await Program("cat", "/proc/\(getpid())/maps").run("list its own libraries")
    if let library = Self.libraryFolder(maps: maps) {
      binds.append(Bind(source: library, target: Self.libraries, isReadOnly: true))
    }
    return binds
  }

  /// Where Swift's own libraries are here that the program is linked with; nil where it has them built in or they
  /// are in the system's folders.
  static func libraryFolder(maps: String) -> String? {
    let name = "/libswiftCore.so"
    let line = maps.split(separator: "\n").first { $0.hasSuffix(name) }
    guard let line, let start = line.firstIndex(of: "/") else { return nil }
    let folder = line[start...].dropLast(name.count)
    return ["/lib", "/usr/lib"].contains(String(folder)) || folder.hasPrefix("/usr/lib/x86")
      ? nil : String(folder)
  }
}
