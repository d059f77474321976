// SPDX-License-Identifier: Apache-2.0

extension ClusterSpec {
  /// The spec with absolute paths of this computer.
  ///
  /// A path that is not absolute lies beside the spec, whose own path is `file`, wherever the command is
  /// run; one that begins with `~/` in `home`.
  package func resolvingPaths(besideSpec file: String, home: String) -> Self {
    let folder = file[...(file.lastIndex(of: "/") ?? file.startIndex)]
    func resolved(_ path: String) -> String {
      if path.hasPrefix("/") { return path }
      if path.hasPrefix("~/") { return home + path.dropFirst(1) }
      return folder + path
    }
    var spec = self
    spec.pki.userAuthorities = pki.userAuthorities.map(resolved)
    spec.artifacts.sources = artifacts.sources.map { source in
      if case .folder(let path) = source { .folder(resolved(path)) } else { source }
    }
    for index in hosts.indices {
      spec.hosts[index].ssh?.identityFile = hosts[index].ssh?.identityFile.map(resolved)
    }
    return spec
  }
}
