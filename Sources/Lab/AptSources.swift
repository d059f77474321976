// SPDX-License-Identifier: Apache-2.0

/// The package archives that this computer's apt is configured with (sources.list(5)), both file forms.
struct AptSources: Sendable, Equatable {
  /// One archive and suite of binary packages.
  struct Entry: Sendable, Equatable {
    var uri: String
    var suite: String
    var components: [String]
    /// The keyring that the entry names, where it names a file.
    var keyring: String?
  }

  private(set) var entries: [Entry] = []

  /// Adds the entries of a one-line style file (`sources.list`, `*.list`).
  mutating func add(list text: String) {
    for line in Self.lines(text) {
      var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard words.first == "deb" else { continue }
      words.removeFirst()
      var keyring: String?
      if words.first?.hasPrefix("[") == true {
        // "[ signed-by=FILE arch=amd64 ]": to the closing bracket.
        guard let end = words.firstIndex(where: { $0.hasSuffix("]") }) else { continue }
        let options = words[...end].map { $0.filter { !"[]".contains($0) } }
        keyring = options.first { $0.hasPrefix("signed-by=/") }.map { String($0.dropFirst(10)) }
        words.removeFirst(end + 1)
      }
      guard words.count >= 2 else { continue }
      entries.append(
        Entry(uri: words[0], suite: words[1], components: Array(words[2...]), keyring: keyring)
      )
    }
  }

  /// Adds the entries of a deb822 style file (`*.sources`).
  mutating func add(deb822 text: String) {
    for stanza in Self.stanzas(text) {
      func words(_ field: String) -> [String] {
        (stanza[field] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
      }
      guard words("types").contains("deb"), words("enabled").first?.lowercased() != "no" else {
        continue
      }
      let keyring = words("signed-by").first { $0.hasPrefix("/") }
      for uri in words("uris") {
        for suite in words("suites") {
          entries.append(
            Entry(uri: uri, suite: suite, components: words("components"), keyring: keyring)
          )
        }
      }
    }
  }

  /// Replaces `mirror+file:` addresses (apt-transport-mirror(1)) by the first address in the file.
  mutating func resolveMirrorFiles(read: (String) -> String?) {
    for index in entries.indices where entries[index].uri.hasPrefix("mirror+file:") {
      var path = String(entries[index].uri.dropFirst("mirror+file:".count))
      while path.hasPrefix("//") { path.removeFirst() }
      let first = read(path).flatMap { Self.lines($0).first }?
        .split(whereSeparator: \.isWhitespace).first
      if let first { entries[index].uri = String(first) }
    }
  }

  /// The Debian archive to make a root file system of `release` from: an entry for that very
  /// suite where there is one, else an entry for another release of the same archive.
  ///
  /// A third party's repository may use a release's name for its suite as well; what tells
  /// Debian's own is its path, `…/debian`, or its keyring.
  func debianArchive(for release: String) -> Entry? {
    func isDebian(_ entry: Entry) -> Bool {
      entry.components.contains("main")
        && ["http://", "https://", "file:/"].contains(where: entry.uri.hasPrefix)
        && !entry.uri.contains("debian-security")
        && !entry.suite.contains("/")
        && (Self.lastPathPart(entry.uri) == "debian"
          || entry.keyring?.contains("debian-archive-keyring") == true)
    }
    let debian = entries.filter(isDebian)
    return debian.first { $0.suite == release } ?? debian.first
  }

  private static func lastPathPart(_ uri: String) -> Substring? {
    uri.split(separator: "/").last
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let bare = line.prefix { $0 != "#" }
      return bare.allSatisfy(\.isWhitespace) ? nil : bare
    }
  }

  /// The stanzas' fields by lower-case name, continuation lines joined.
  private static func stanzas(_ text: String) -> [[String: String]] {
    var stanzas: [[String: String]] = [[:]]
    var field: String?
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.hasPrefix("#") { continue }
      if line.allSatisfy(\.isWhitespace) {
        stanzas.append([:])
        field = nil
      } else if line.first?.isWhitespace == true, let field {
        stanzas[stanzas.count - 1][field, default: ""] += " " + line
      } else if let colon = line.firstIndex(of: ":") {
        let name = line[..<colon].lowercased()
        stanzas[stanzas.count - 1][name] = String(line[line.index(after: colon)...])
        field = name
      }
    }
    return stanzas
  }
}
