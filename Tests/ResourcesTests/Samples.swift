// SPDX-License-Identifier: Apache-2.0

import Resources
import Values

/// Resources of every kind that a sandbox can hold, with awkward names and contents.
enum Samples {
  static let longName = String(repeating: "n", count: 255)

  static let contents: [[UInt8]] = [
    [], [0], Array("plain\n".utf8), Array("no end of line".utf8), Array("\n\n".utf8),
    Array("it's \"quoted\" $HOME `id` $(id) \\n %s %% !\n".utf8), Array("'".utf8),
    Array("tab\tand ünïcödé ✓\n".utf8), Array("cr\r\nlf\n".utf8), [0xff, 0xfe, 0, 10],
    Array("\u{1}\u{7f}\u{1b}[31m\n".utf8), Array(0...255), Array("EOF\nKW_END\n".utf8),
  ]

  static let odd: [Resource] = [
    "new\nline", "-dash", "it's \"q\" $x `y` \\z", "sp ace ", "*", "ü", "%41", longName,
  ].enumerated().map { index, name in
    .file(
      File(
        path: "/etc/odd/\(name)",
        content: .open(contents[index % contents.count]),
        mode: index.isMultiple(of: 2) ? 0o644 : 0o600,
        reason: "odd"
      )
    )
  }

  static let files: [Resource] = contents.enumerated().map { index, bytes in
    .file(
      File(
        path: "/etc/demo/file\(index)",
        content: .open(bytes),
        mode: [0o644, 0o4755, 0o400][index % 3],
        owner: index == 3 ? "nobody" : "root",
        group: index == 4 ? "1234" : "root",
        reason: "contents"
      )
    )
  }

  static let secret = File(
    path: "/etc/demo/key.pem",
    content: .secret(Sensitive("-----BEGIN topsecret-----\n")),
    mode: 0o600,
    reason: "a key"
  )

  static func unitFile(_ text: String = "[Service]\nExecStart=/bin/true\n") -> File {
    File(path: "/etc/systemd/system/demo.service", text: text, reason: "the unit")
  }

  static let binary = Binary(
    path: "/opt/demo/bin/tool",
    digest: Digest(of: "#!/bin/sh\necho tool\n"),
    size: 20,
    source: "#!/bin/sh\necho tool\n",
    reason: "a program"
  )

  static func unit(_ name: String = "demo.service", on ids: [ResourceID]) -> Unit {
    Unit(name: name, dependsOn: ids, startTimeout: 3, reason: "runs")
  }

  static let all: [Resource] =
    [
      .directory(Directory(path: "/etc/demo", mode: 0o750, reason: "folder")),
      .directory(
        Directory(
          path: "/var/lib/demo",
          mode: 0o700,
          owner: "nobody",
          ownsContents: true,
          reason: "data"
        )
      ),
    ] + files + odd + [
      .file(secret),
      .link(Link(path: "/etc/demo/link", target: "/etc/odd/new\nline", reason: "link")),
      .link(Link(path: "/etc/demo/dangling", target: "nowhere at all", reason: "link")),
      .block(
        ManagedBlock(
          path: "/etc/hosts",
          label: "hosts",
          lines: ["10.0.0.1 one", "10.0.0.2 two"],
          reason: "names"
        )
      ),
      .sysctl(Sysctl(key: "net.ipv4.ip_forward", value: "1", reason: "routing")),
      .sysctl(Sysctl(key: "net.absent.key", value: "1", optional: true, reason: "nothing")),
      .kernelModule(KernelModule(name: "demo", shownBy: "/etc/hosts", reason: "built in")),
      .binary(binary),
      .absence(Absence(path: "/etc/demo/example.conf", reason: "example")),
      .file(unitFile()),
      .footprint(
        Footprint(
          name: "pods",
          interfaces: ["cni0", "veth*"],
          chainPrefixes: ["KUBE-"],
          networkNamespacePrefixes: ["cni-"],
          pinnedNamespaces: true,
          reason: "pods"
        )
      ),
      .unit(unit(on: [secret.id, binary.id, unitFile().id])),
    ]
}
