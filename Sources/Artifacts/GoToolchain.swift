// SPDX-License-Identifier: Apache-2.0

import Values

/// Go as builds here use it: no network, no C where it can be helped, its cache beside ours.
struct GoToolchain: Sendable {
  /// `go-build` in the cache: what a killed build had done is not done again.
  let buildCache: String

  /// The environment to build for `architecture`; nil: for this computer.
  func environment(
    for architecture: Architecture?,
    tree: SourceTree? = nil,
    mode: SourceTree.Mode = .goPath,
    usesC: Bool = false
  ) -> [String: String?] {
    var environment: [String: String?] = [
      "CGO_ENABLED": usesC ? "1" : "0", "GOCACHE": buildCache, "GOOS": nil, "GOARCH": nil,
      "GOARM": nil,
      "GOPROXY": "off", "GOTOOLCHAIN": "local", "GO111MODULE": "off", "GOFLAGS": "",
      "GOROOT": nil, "GOENV": "off",
    ]
    if let architecture {
      environment["GOOS"] = "linux"
      environment["GOARCH"] = architecture.rawValue
      if architecture == .arm { environment["GOARM"] = "7" }
    }
    if let tree {
      environment["GOPATH"] = tree.goPath
      // Go believes PWD where it names the folder it runs in; the real path of a link is in no Go path.
      environment["PWD"] = mode == .goPath ? tree.folderInGoPath : tree.folder
    }
    if mode != .goPath {
      environment["GO111MODULE"] = "on"
      environment["GOFLAGS"] = "-mod=vendor"
    }
    return environment
  }
}
