// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Lab

@Suite struct AptSourcesTests {
  @Test func readsOneLineForm() {
    var sources = AptSources()
    sources.add(
      list: """
        # deb http://commented.example/debian bookworm main
        deb http://mirror.example/debian bookworm main contrib # the archive
        deb-src http://mirror.example/debian bookworm main
        deb [ arch=amd64 signed-by=/usr/share/keyrings/x.gpg ] https://other.example/apt bookworm main
        deb [signed-by=/k.gpg] http://flat.example/repo ./
        deb [broken
        deb
        """
    )
    #expect(
      sources.entries == [
        .init(
          uri: "http://mirror.example/debian",
          suite: "bookworm",
          components: ["main", "contrib"],
          keyring: nil
        ),
        .init(
          uri: "https://other.example/apt",
          suite: "bookworm",
          components: ["main"],
          keyring: "/usr/share/keyrings/x.gpg"
        ),
        .init(uri: "http://flat.example/repo", suite: "./", components: [], keyring: "/k.gpg"),
      ]
    )
  }

  @Test func readsDeb822Form() {
    var sources = AptSources()
    sources.add(
      deb822: """
        # a comment
        Types: deb deb-src
        URIs: http://a.example/debian
        Suites: bookworm
         bookworm-updates
        Components: main
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

        Types: deb
        Enabled: no
        URIs: http://off.example/debian
        Suites: bookworm
        Components: main

        types: deb-src
        uris: http://source.example/debian
        suites: bookworm
        """
    )
    #expect(sources.entries.map(\.uri) == ["http://a.example/debian", "http://a.example/debian"])
    #expect(sources.entries.map(\.suite) == ["bookworm", "bookworm-updates"])
    #expect(
      sources.entries.first?.keyring == "/usr/share/keyrings/debian-archive-keyring.gpg"
    )
  }

  /// The archive taken for bookworm.
  @Test(arguments: [
    ("deb http://a.example/debian bookworm main", "http://a.example/debian"),
    // Another release's entry names the archive as well.
    ("deb http://a.example/debian/ trixie main", "http://a.example/debian/"),
    (
      "deb http://a.example/debian trixie main\ndeb http://b.example/debian bookworm main",
      "http://b.example/debian"
    ),
    // A third party with the release's name as its suite.
    ("deb http://tool.example/apt bookworm main", nil),
    ("deb http://a.example/debian-security bookworm-security main", nil),
    ("deb http://a.example/debian bookworm contrib", nil),
    ("deb cdrom:[Debian]/debian bookworm main", nil),
    (
      "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://b.example/d bookworm main",
      "http://b.example/d"
    ),
    ("deb mirror+file:/etc/apt/mirrors/debian.list bookworm main", "http://m.example/debian"),
    ("", nil),
  ])
  func findsDebiansArchive(list: String, expected: String?) {
    var sources = AptSources()
    sources.add(list: list)
    sources.resolveMirrorFiles { path in
      path == "/etc/apt/mirrors/debian.list" ? "# first\nhttp://m.example/debian priority:1\n" : nil
    }
    #expect(sources.debianArchive(for: "bookworm")?.uri == expected)
  }
}
