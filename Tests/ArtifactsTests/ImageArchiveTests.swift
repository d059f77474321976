// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Artifacts

@Suite struct ImageArchiveTests {
  @Test func theSameImageIsTheSameArchive() throws {
    let first = try BusyboxImage.archive(program: program("busybox"), architecture: .amd64)
    #expect(first == (try BusyboxImage.archive(program: program("busybox"), architecture: .amd64)))
    #expect(first != (try BusyboxImage.archive(program: program("busybox"), architecture: .arm)))
  }

  /// Reads an archive as a runtime does and prints what it finds, checking each digest on the way.
  private static let reader = """
    import hashlib, io, json, sys, tarfile
    outer = tarfile.open(sys.argv[1])
    manifest, = json.load(outer.extractfile('manifest.json'))
    config = outer.extractfile(manifest['Config']).read()
    assert manifest['Config'] == hashlib.sha256(config).hexdigest() + '.json'
    layer, = manifest['Layers']
    layer = outer.extractfile(layer).read()
    image = json.loads(config)
    assert image['rootfs'] == {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest()]}
    inner = tarfile.open(fileobj=io.BytesIO(layer))
    assert {(m.mtime, m.uid, m.gid) for t in (outer, inner) for m in t} == {(0, 0, 0)}
    assert inner.getnames() == sorted(inner.getnames())
    print(manifest['RepoTags'], image['os'], image['architecture'], image['config'].get('Cmd'),
          image['config'].get('Entrypoint'))
    for m in inner: print(oct(m.mode), m.type.decode(), m.size, m.name, m.linkname)
    """

  @Test func busyboxIsAnImageWithAShell() async throws {
    let busybox = program(String(repeating: "b", count: 1000))
    let archive = try BusyboxImage.archive(program: busybox, architecture: .x86)
    let found = try await read(archive)
    #expect(found.first == "['kubewright.local/busybox:1'] linux 386 ['sh'] None")
    #expect(found.contains("0o755 0 1064 bin/busybox "))
    #expect(found.contains("0o777 2 0 bin/sh busybox"))
    #expect(found.contains("0o1777 5 0 tmp "))
  }

  @Test func pauseIsAnImageOfOneProgram() async throws {
    let archive = try PauseImage.archive(
      program: program("pause"),
      reference: "k8s.gcr.io/pause:3.2",
      architecture: .amd64
    )
    #expect(
      try await read(archive) == [
        "['k8s.gcr.io/pause:3.2'] linux amd64 None ['/pause']", "0o755 0 69 pause ",
      ]
    )
  }

  @Test func tarReadsItsOwnKind() async throws {
    let archive = Tar.archive([
      Tar.Entry(path: "b/file", mode: 0o640, content: .file(Array("1234".utf8))),
      Tar.Entry(path: "b", mode: 0o755, content: .folder),
      Tar.Entry(path: "a", mode: 0o777, content: .link("b/file")),
    ])
    #expect(archive.count % 512 == 0)
    try await withScratchFolder { folder in
      try LocalFile.write(archive, to: "\(folder)/a.tar")
      let listing = try await Tool.output(
        "tar",
        ["--utc", "--numeric-owner", "-tvf", "\(folder)/a.tar"],
        purpose: "listing"
      )
      #expect(
        listing.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
          "lrwxrwxrwx 0/0 0 1970-01-01 00:00 a -> b/file",
          "drwxr-xr-x 0/0 0 1970-01-01 00:00 b/",
          "-rw-r----- 0/0 4 1970-01-01 00:00 b/file",
        ]
      )
    }
  }

  private func read(_ archive: [UInt8]) async throws -> [String] {
    try await withScratchFolder { folder in
      try LocalFile.write(archive, to: "\(folder)/image.tar")
      let text = try await Tool.output(
        "python3",
        ["-c", Self.reader, "\(folder)/image.tar"],
        purpose: "reading the image"
      )
      return text.split(separator: "\n").map(String.init)
    }
  }
}
