// SPDX-License-Identifier: Apache-2.0

import Values

/// A tree of Kubernetes' source, and how Go has to be told of it.
struct SourceTree: Sendable {
  /// The tree itself.
  let folder: String
  /// A Go path in which the tree is `src/k8s.io/kubernetes`, by itself or by a link.
  let goPath: String

  /// Where in `goPath` the tree is.
  var folderInGoPath: String { "\(goPath)/src/k8s.io/kubernetes" }

  enum Mode: Sendable, Equatable {
    /// Before modules, and where a generator must run first that knows nothing else.
    case goPath
    case vendored
    /// Since 1.30: the staging modules by go.work.
    case workspace
  }

  /// Takes the tree at `folder`, linked into a Go path under `work`.
  /// - Throws: `Failure(.artifact)` where it is no such tree.
  init(at folder: String, work: String) throws {
    guard LocalFile.exists("\(folder)/cmd/kube-apiserver"), LocalFile.exists("\(folder)/vendor")
    else {
      throw Failure(
        .artifact,
        "\(folder) is no source tree of Kubernetes",
        why: "it lacks cmd/kube-apiserver or vendor"
      )
    }
    self.folder = folder
    goPath = "\(work)/gopath-\(Digest(of: folder).short)"
    try LocalFile.makeFolder("\(goPath)/src/k8s.io")
    try LocalFile.link(folderInGoPath, to: folder)
  }

  /// The tree that lies in the Go path at `goPath`.
  init(inGoPath goPath: String) {
    self.goPath = goPath
    folder = "\(goPath)/src/k8s.io/kubernetes"
  }

  /// Whether the tree has the source of `name`.
  func has(_ name: ArtifactName) -> Bool {
    LocalFile.exists("\(folder)/cmd/\(name.rawValue)")
  }

  /// Whether the API server's OpenAPI definitions are generated before a build: later trees keep them.
  var lacksOpenAPI: Bool {
    LocalFile.exists("\(folder)/vendor/k8s.io/kube-openapi/cmd/openapi-gen")
      && !LocalFile.exists("\(folder)/\(OpenAPIGenerator.path)")
  }

  /// Whether kubelets of this tree are whole only with a C compiler.
  ///
  /// cAdvisor, which is in them, left out its containers without C, and the library that it counts graphics
  /// processors by had no other form.
  /// Source: vendor/github.com/google/cadvisor and mindprince/gonvml of 1.15 and 1.20.
  var kubeletNeedsC: Bool {
    let vendor = "\(folder)/vendor/github.com"
    let handler =
      (try? LocalFile.read("\(vendor)/google/cadvisor/container/libcontainer/handler.go")) ?? []
    let lines = String(decoding: handler, as: UTF8.self).split(whereSeparator: \.isNewline)
    let graphics = LocalFile.names(in: "\(vendor)/mindprince/gonvml").filter { $0.hasSuffix(".go") }
    return lines.contains("// +build cgo") || graphics == ["bindings.go"]
  }

  /// Trees of an earlier Go were built in a Go path by their own scripts, and their go.mod does not hold for
  /// later Go.
  private static let firstModuleLanguage = Minor(1, 18)

  /// The Go that go.mod names.
  private var language: Minor {
    let text = (try? LocalFile.read("\(folder)/go.mod")) ?? []
    let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix("go ") }
    let numbers = line?.dropFirst(3).split(separator: ".").prefix(2).joined(separator: ".")
    return numbers.flatMap { Minor($0) } ?? Minor(1, 0)
  }

  var mode: Mode {
    if LocalFile.exists("\(folder)/go.work") { return .workspace }
    return lacksOpenAPI || language < Self.firstModuleLanguage ? .goPath : .vendored
  }

  /// What the tree itself says it is: its tag, Debian's change log, or Kubernetes' own; nil where none does.
  func version() async -> KubernetesVersion? {
    if let log = try? LocalFile.read("\(folder)/debian/changelog") {
      let line = String(decoding: log.prefix { $0 != 0x0a }, as: UTF8.self)
      if let open = line.firstIndex(of: "("), let close = line.firstIndex(of: ")"), open < close,
        let version = KubernetesVersion(
          DebianArchive.upstream(line[line.index(after: open)..<close])
        )
      {
        return version
      }
    }
    if LocalFile.exists("\(folder)/.git"),
      let tag = try? await Tool.run(
        "git",
        ["-C", folder, "describe", "--tags", "--exact-match", "--match", "v*"]
      ),
      tag.code == 0, let version = KubernetesVersion(tag.output.trimmed)
    {
      return version
    }
    let logs = LocalFile.names(in: "\(folder)/CHANGELOG").compactMap { name in
      Minor(String(name.dropFirst("CHANGELOG-".count).dropLast(".md".count)))
    }
    guard let newest = logs.max(),
      let log = try? LocalFile.read("\(folder)/CHANGELOG/CHANGELOG-\(newest).md")
    else { return nil }
    return String(decoding: log, as: UTF8.self).split(whereSeparator: \.isNewline).lazy
      .compactMap { $0.hasPrefix("# v") ? KubernetesVersion(String($0.dropFirst(2))) : nil }.first
  }
}
