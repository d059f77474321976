// SPDX-License-Identifier: Apache-2.0

import Values

/// A shell and its usual commands, to try pods with where no registry is in reach.
enum BusyboxImage {
  static let reference = "kubewright.local/busybox:1"

  /// Commands of busybox that get a name of their own.
  private static let commands = [
    "[", "ash", "awk", "base64", "basename", "cat", "chmod", "chown", "cp", "cut", "date", "dd",
    "df", "dirname", "du", "echo", "env", "expr", "false", "find", "free", "grep", "gunzip", "gzip",
    "head", "hostname", "httpd", "id", "ifconfig", "ip", "kill", "ln", "ls", "md5sum", "mkdir",
    "mktemp", "mount", "mv", "nc", "netstat", "nslookup", "ping", "printf", "ps", "pwd", "readlink",
    "rm", "rmdir", "route", "sed", "seq", "sh", "sha256sum", "sleep", "sort", "stat", "sync",
    "tail",
    "tar", "tee", "telnet", "test", "timeout", "top", "touch", "tr", "traceroute", "true", "tty",
    "umount", "uname", "uniq", "uptime", "vi", "wc", "wget", "which", "whoami", "xargs",
  ]

  /// The image that holds `program`, a static busybox.
  static func archive(program: [UInt8], architecture: Architecture) throws -> [UInt8] {
    func file(_ path: String, _ text: String) -> Tar.Entry {
      Tar.Entry(path: path, mode: 0o644, content: .file(Array(text.utf8)))
    }
    var entries = ["bin", "etc", "root", "usr", "usr/bin", "var"].map {
      Tar.Entry(path: $0, mode: $0 == "root" ? 0o700 : 0o755, content: .folder)
    }
    entries += [
      Tar.Entry(path: "tmp", mode: 0o1777, content: .folder),
      Tar.Entry(path: "bin/busybox", mode: 0o755, content: .file(program)),
      Tar.Entry(path: "usr/bin/env", mode: 0o777, content: .link("/bin/busybox")),
      file(
        "etc/passwd",
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n"
      ),
      file("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    ]
    entries += commands.map {
      Tar.Entry(path: "bin/\($0)", mode: 0o777, content: .link("busybox"))
    }
    return try ImageArchive(
      reference: reference,
      architecture: architecture,
      command: ["sh"],
      entries: entries
    ).bytes()
  }
}
