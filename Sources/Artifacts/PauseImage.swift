// SPDX-License-Identifier: Apache-2.0

import Values

/// The image whose one process holds a pod's namespaces.
enum PauseImage {
  /// Waits, reaps what is left to it, and ends when told to.
  static let program = """
    package main

    import (
    \t"os"
    \t"os/signal"
    \t"syscall"
    )

    func main() {
    \tsignals := make(chan os.Signal, 16)
    \tsignal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
    \tfor received := range signals {
    \t\tif received != syscall.SIGCHLD {
    \t\t\tos.Exit(0)
    \t\t}
    \t\tfor {
    \t\t\tif pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 && err != syscall.EINTR {
    \t\t\t\tbreak
    \t\t\t}
    \t\t}
    \t}
    }

    """

  /// The image that holds `program` under the name `reference`.
  static func archive(
    program: [UInt8],
    reference: String,
    architecture: Architecture
  ) throws -> [UInt8] {
    try ImageArchive(
      reference: reference,
      architecture: architecture,
      entrypoint: ["/pause"],
      entries: [Tar.Entry(path: "pause", mode: 0o755, content: .file(program))]
    ).bytes()
  }
}
