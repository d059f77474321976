// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Transport
import Values

@Suite("Uploads")
struct UploadTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 9) }
  }

  private func mode(of path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test(
    "a file arrives as it is, with its mode, in folders that only root enters",
    arguments: [0, 1, 20 << 20]
  )
  func whole(size: Int) async throws {
    let server = try await SSHServer()
    let transport = try server.transport()
    let content = bytes(size)
    let file = try scratch.write(content, to: "from")
    let to = "\(scratch.path)/new folder/it's $HOME/to"
    let counts = Lines()
    for _ in 0..<2 {
      try await transport.upload(file: file, to: to, digest: Digest(of: content), mode: 0o751) {
        count in
        counts.add("\(count)")
      }
    }
    await transport.close()
    #expect(try Data(contentsOf: URL(filePath: to)) == Data(content))
    #expect(mode(of: to) == 0o751)
    #expect(mode(of: "\(scratch.path)/new folder") == 0o700)
    #expect(names(in: "\(scratch.path)/new folder/it's $HOME") == ["to"])
    #expect(counts.all.last == "\(size)")
    #expect(server.connections == 1)
    #expect(server.sessions == 2)
  }

  @Test("another digest leaves what was there, and nothing else")
  func wrongDigest() async throws {
    let server = try await SSHServer()
    let transport = try server.transport()
    let file = try scratch.write("damaged", to: "from")
    let to = try scratch.write("old", to: "target/to")
    await #expect {
      try await transport.upload(
        file: file,
        to: to,
        digest: Digest(of: "right"),
        mode: 0o600,
        onProgress: { _ in }
      )
    } throws: { error in
      let failure = error as? Failure
      return failure?.kind == .artifact
        && failure?.why?.contains(Digest(of: "damaged").hex) == true
    }
    await transport.close()
    #expect(names(in: "\(scratch.path)/target") == ["to"])
    #expect(try scratch.text(of: "target/to") == "old")
  }

  @Test("no space is told as such, and the space that was taken is given back")
  func noSpace() async throws {
    let server = try await SSHServer()
    let transport = try server.transport()
    let content = bytes(4 << 20)
    let file = try scratch.write(content, to: "from")
    let small = "\(scratch.path)/small"
    mkdir(small, 0o700)
    let mounted = try await Command.run("mount", "-t", "tmpfs", "-o", "size=1m", "none", small)
    try #require(mounted.exitCode == 0)
    await #expect {
      try await transport.upload(
        file: file,
        to: "\(small)/to",
        digest: Digest(of: content),
        mode: 0o600,
        onProgress: { _ in }
      )
    } throws: { error in
      let failure = error as? Failure
      return failure?.kind == .step && failure?.what.contains("no space is left") == true
    }
    await transport.close()
    let left = names(in: small)
    try await Command.run("umount", small)
    #expect(left == [])
  }

  @Test("a connection that is cut leaves nothing")
  func cut() async throws {
    let server = try await SSHServer()
    let transport = try server.transport()
    let folder = "\(scratch.path)/target"
    mkdir(folder, 0o700)
    let file = try scratch.write(bytes(256 << 20), to: "from")
    let upload = Task { [transport] in
      try await transport.upload(
        file: file,
        to: "\(folder)/to",
        digest: Digest(of: "x"),
        mode: 0o600,
        onProgress: { _ in }
      )
    }
    while names(in: folder).isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    server.cut()
    await #expect { try await upload.value } throws: { ($0 as? Failure)?.kind == .unreachable }
    await transport.close()
    // The host's sh sees the end of its input and tidies up by itself.
    while !names(in: folder).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(names(in: folder) == [])
  }

  @Test("a file that is not there")
  func missing() async throws {
    let transport = LocalTransport(host: "h1", askPassword: { _ in nil })
    await #expect {
      try await transport.upload(
        file: "\(scratch.path)/none",
        to: "\(scratch.path)/to",
        digest: Digest(of: ""),
        mode: 0o600,
        onProgress: { _ in }
      )
    } throws: { ($0 as? Failure)?.kind == .artifact }
  }
}
