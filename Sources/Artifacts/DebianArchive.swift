// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// Debian's archive, asked through apt with lists and settings of our own.
///
/// This computer's configuration is read for its mirror and left as it is. apt checks signatures and digests.
struct DebianArchive: Sendable {
  /// `apt` in the cache.
  let folder: String
  let progress: ArtifactEventSink

  /// The release whose source package holds all of Kubernetes; later ones hold kubectl only.
  static let suite = "bookworm"
  private static let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
  /// The age, in seconds, at which lists are renewed.
  private static let listsLife = 7.0 * 24 * 3600

  /// Debian's name for `architecture`.
  static func name(of architecture: Architecture) -> String {
    switch architecture {
    case .amd64: "amd64"
    case .x86: "i386"
    case .arm64: "arm64"
    case .arm: "armhf"
    }
  }

  /// The upstream release of a package version: `3.4.23` of `3.4.23-4+b4`, `1.20.2` of
  /// `1.20.5+really1.20.2-1.1`.
  static func upstream(_ version: some StringProtocol) -> String {
    var text = String(version)
    if let colon = text.firstIndex(of: ":") { text = String(text[text.index(after: colon)...]) }
    if let dash = text.lastIndex(of: "-") { text = String(text[..<dash]) }
    if let really = text.firstRange(of: "+really") {
      return String(text[really.upperBound...])
    }
    return String(text.prefix { $0 != "+" && $0 != "~" })
  }

  /// Fetches the binary package `package` and unpacks it into `target`.
  /// - Returns: Its upstream release.
  /// - Throws: `Failure(.artifact)` where the archive cannot be reached or lacks it.
  func unpack(_ package: String, _ architecture: Architecture, into target: String) async throws
    -> String
  {
    let debian = Self.name(of: architecture)
    let downloads = "\(target).deb"
    try LocalFile.remove(downloads)
    try LocalFile.makeFolder(downloads)
    try await withLists(debian, "deb [arch=\(debian) signed-by=\(Self.keyring)]") { options in
      _ = try await Tool.output(
        "apt-get",
        options + ["--quiet", "download", "\(package):\(debian)"],
        folder: downloads,
        purpose: "fetching Debian's \(package) for \(debian)"
      )
    }
    guard let file = LocalFile.names(in: downloads).first(where: { $0.hasSuffix(".deb") }) else {
      throw Failure(.artifact, "apt-get fetched no package \(package)")
    }
    _ = try await Tool.output(
      "dpkg-deb",
      ["--extract", "\(downloads)/\(file)", target],
      purpose: "unpacking Debian's \(package)"
    )
    let version = try await Tool.output(
      "dpkg-deb",
      ["--field", "\(downloads)/\(file)", "Version"],
      purpose: "reading \(file)"
    )
    try LocalFile.remove(downloads)
    return Self.upstream(version.trimmed)
  }

  /// The release of Kubernetes that the source package holds.
  func kubernetesVersion() async throws -> KubernetesVersion {
    let text = try await withSources { options in
      try await Tool.output(
        "apt-cache",
        options + ["showsrc", "--only-source", "kubernetes"],
        purpose: "asking for Debian's source package kubernetes"
      )
    }
    let versions = text.split(whereSeparator: \.isNewline).compactMap { line in
      line.hasPrefix("Version: ")
        ? KubernetesVersion(Self.upstream(line.dropFirst("Version: ".count))) : nil
    }
    guard let newest = versions.max() else {
      throw Failure(.artifact, "Debian \(Self.suite) has no source package kubernetes")
    }
    return newest
  }

  /// Fetches the source package of Kubernetes and unpacks it, patched, as the new folder `target`.
  func unpackKubernetes(into target: String) async throws {
    let downloads = "\(folder)/kubernetes"
    try LocalFile.makeFolder(downloads)
    try await withSources { options in
      _ = try await Tool.output(
        "apt-get",
        options + ["--quiet", "source", "--download-only", "--only-source", "kubernetes"],
        folder: downloads,
        purpose: "fetching Debian's source package kubernetes"
      )
    }
    guard let file = LocalFile.names(in: downloads).last(where: { $0.hasSuffix(".dsc") }) else {
      throw Failure(.artifact, "apt-get fetched no source package kubernetes")
    }
    try LocalFile.remove(target)
    try LocalFile.makeFolder(target.parentFolder)
    // apt has checked the signature of the whole chain; this checks the digests once more.
    _ = try await Tool.output(
      "dpkg-source",
      ["--extract", "\(downloads)/\(file)", target],
      purpose: "unpacking Debian's source package kubernetes"
    )
    try LocalFile.remove(downloads)
  }

  private func withSources<Result: Sendable>(
    _ body: ([String]) async throws -> Result
  ) async throws -> Result {
    try await withLists("source", "deb-src [signed-by=\(Self.keyring)]", body)
  }

  /// Runs `body` with apt's options for lists of `kind`, fetched where they are absent or old; if it fails on
  /// lists that lay here, once more on fresh ones, since a mirror drops what was superseded.
  private func withLists<Result: Sendable>(
    _ kind: String,
    _ line: String,
    _ body: ([String]) async throws -> Result
  ) async throws -> Result {
    let place = "\(folder)/\(kind)"
    let options =
      [
        "Dir::Etc::sourcelist=\(place)/sources.list", "Dir::Etc::sourceparts=/dev/null",
        "Dir::State::lists=\(place)/lists", "Dir::State::status=/dev/null",
        "Dir::Cache=\(place)/cache", "Dir::Cache::archives=\(place)/cache/archives",
        "APT::Get::List-Cleanup=0", "APT::Sandbox::User=root",
      ].flatMap { ["-o", $0] }
      + (kind == "source" ? [] : ["-o", "APT::Architectures::=\(kind)"])
    let stamp = "\(place)/updated"
    if let status = FileStatus(of: stamp),
      Date().timeIntervalSince1970 - Double(status.modified) / 1e9 < Self.listsLife
    {
      do {
        return try await body(options)
      } catch let failure as Failure where failure.kind == .artifact {
        await progress(.note("Debian's package lists may be old; fetching them again"))
      }
    }
    try LocalFile.makeFolder("\(place)/lists/partial")
    try LocalFile.makeFolder("\(place)/cache/archives/partial")
    let text = "\(line) \(try await mirror()) \(Self.suite) main\n"
    try LocalFile.write(Array(text.utf8), to: "\(place)/sources.list")
    let update = try await Tool.run(
      "apt-get",
      options + [
        "--quiet", "-o", "Acquire::http::Timeout=5", "-o", "Acquire::https::Timeout=5",
        "-o", "Acquire::Retries=1", "--error-on=any", "update",
      ]
    )
    guard update.code == 0 else {
      throw Failure(
        .artifact,
        "Debian's package lists cannot be fetched (\(text.trimmed))",
        why: update.errors
      )
    }
    try LocalFile.write([], to: stamp)
    return try await body(options)
  }

  /// The mirror that this computer's apt uses.
  /// - Throws: `Failure(.artifact)` where it uses none of Debian's.
  private func mirror() async throws -> String {
    let outcome = try? await Tool.run(
      "apt-get",
      ["indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)", "Created-By: Packages"]
    )
    let lines = (outcome?.output ?? "").split(whereSeparator: \.isNewline)
      .map { $0.split(separator: " ") }
    // The security archive has another label.
    let uri = lines.first { $0.count == 3 && $0[0] == "Debian" && $0[1] == "Debian" }?[2]
    guard let uri else {
      throw Failure(
        .artifact,
        "this computer's apt knows no mirror of Debian",
        remedy: "run apt-get update, add one to /etc/apt/sources.list, or give a folder or mirror "
          + "of programs as spec.artifacts.sources"
      )
    }
    return String(uri)
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
