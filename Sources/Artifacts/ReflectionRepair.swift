// SPDX-License-Identifier: Apache-2.0

import Values

/// Takes the place of a library in earlier source trees that later Go breaks.
///
/// reflect2 before 1.0.2 calls the runtime's map iterator as Go had it until 1.17. Built by Go 1.18 or
/// newer, an API server crashes when it writes an object's labels. Debian packages 1.0.2.
struct ReflectionRepair: Sendable {
  let tree: SourceTree
  let debian: DebianArchive
  /// A folder of our own for the library; the tree itself is left as it is.
  let output: String

  private static let library = "github.com/modern-go/reflect2"
  private static let package = "golang-github-modern-go-reflect2-dev"
  /// The declaration that Go 1.18 outdated.
  private static let outdated =
    "func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter"

  private var vendored: String { "vendor/\(Self.library)" }

  private var isNeeded: Bool {
    let text = (try? LocalFile.read("\(tree.folder)/\(vendored)/unsafe_link.go")) ?? []
    return String(decoding: text, as: UTF8.self).contains(Self.outdated)
  }

  /// What Go must read in place of the tree's files; an empty path: nothing.
  /// - Throws: `Failure(.artifact)` where the library is needed and cannot be had.
  func replacements() async throws -> [String: String] {
    guard isNeeded else { return [:] }
    let library = "\(output)/usr/share/gocode/src/\(Self.library)"
    if !LocalFile.exists(library) {
      try LocalFile.remove(output)
      try LocalFile.makeFolder(output)
      _ = try await debian.unpack(Self.package, .amd64, into: output)
    }
    let place = "\(tree.folderInGoPath)/\(vendored)"
    var replacements: [String: String] = [:]
    for name in LocalFile.names(in: "\(tree.folder)/\(vendored)") where name.hasSuffix(".go") {
      replacements["\(place)/\(name)"] = ""
    }
    for name in LocalFile.names(in: library) where name.hasSuffix(".go") {
      replacements["\(place)/\(name)"] = "\(library)/\(name)"
    }
    return replacements
  }
}
