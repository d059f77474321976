// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The runtime with which sandboxed pods are shown in labs, as far as it goes without a machine.
@Suite struct KernelRuntimeTests {
  private let scratch: Scratch
  private let program: String

  init() throws {
    scratch = try Scratch()
    let root = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    program = "/\(root)/Fixtures/kernel-runtime"
  }

  private func run(_ words: String...) async throws -> Command.Result {
    try scratch.write("#!/bin/sh\necho \"runc $*\"\n", to: "bin/runc", mode: 0o755)
    return try await Command.run(
      ["env", "PATH=\(scratch.path)/bin:/usr/bin:/bin", "/usr/bin/python3", program] + words
    )
  }

  /// The container that holds a pod's namespaces is runc's, with every word of its command line.
  @Test(arguments: ["io.kubernetes.cri.container-type", "io.kubernetes.cri-o.ContainerType"])
  func sandboxesAreHandedOn(annotation: String) async throws {
    try scratch.write("{\"annotations\": {\"\(annotation)\": \"sandbox\"}}", to: "b/config.json")
    let bundle = "\(scratch.path)/b"
    let result = try await run("--root", scratch.path, "create", "--bundle", bundle, "a")
    #expect(result.output == "runc --root \(scratch.path) create --bundle \(bundle) a\n")
  }

  @Test(arguments: ["state", "start", "kill", "delete"])
  func whatIsNotItsOwnIsHandedOn(command: String) async throws {
    let result = try await run("--root", scratch.path, command, "a")
    #expect(result.output == "runc --root \(scratch.path) \(command) a\n")
  }

  @Test func whatItCannotDoIsToldInItsLog() async throws {
    let config =
      "{\"root\": {\"path\": \"r\"}, \"process\": {\"terminal\": true, \"args\": [\"/a\"]}}"
    try scratch.write(config, to: "b/config.json")
    let log = "\(scratch.path)/log"
    let result = try await run(
      "--root=\(scratch.path)",
      "--log",
      log,
      "create",
      "-b",
      "\(scratch.path)/b",
      "a"
    )
    #expect(result.exitCode == 1)
    #expect(
      try scratch.text(of: "log").contains("\"msg\": \"kernel-runtime: a machine has no terminal\"")
    )
  }

  /// What the machine finds: the bundle's files, what is mounted on them, and the command.
  @Test func theDiskHoldsTheContainer() async throws {
    try scratch.write("inside", to: "b/r/etc/own")
    try scratch.write("below", to: "b/r/etc/hosts")
    try scratch.write("127.0.0.1 a", to: "mounted")
    let config = """
      {"root": {"path": "r"}, "hostname": "a", "mounts": [{"destination": "/etc/hosts",
       "type": "bind", "source": "\(scratch.path)/mounted"}, {"destination": "/proc", "type": "proc"}],
       "process": {"cwd": "/", "env": ["A=it's"], "args": ["/bin/sh", "-c", "uname -r"]}}
      """
    try scratch.write(config, to: "b/config.json")
    let unpack = """
      import json, runpy, sys
      program, bundle = sys.argv[1:]
      config = json.load(open(bundle + "/config.json"))
      runpy.run_path(program)["disk_of"](bundle, config).write(open(bundle + "/disk", "wb"))
      """
    let bundle = "\(scratch.path)/b"
    let made = try await Command.run(
      "/usr/bin/python3",
      "-c",
      unpack,
      program,
      bundle
    )
    #expect(made.exitCode == 0, "\(made.error)")
    let unpacked = try await Command.run(
      "sh",
      "-c",
      "mkdir \"$1/u\" && cd \"$1/u\" && busybox cpio -i <../disk",
      "sh",
      bundle
    )
    #expect(unpacked.exitCode == 0, "\(unpacked.error)")
    #expect(try scratch.text(of: "b/u/etc/own") == "inside")
    #expect(try scratch.text(of: "b/u/etc/hosts") == "127.0.0.1 a")
    #expect(
      try scratch.text(of: "b/u/.machine/process")
        == "cd / || exit 127\nexec /.machine/busybox env -i 'A=it'\"'\"'s' /bin/sh -c 'uname -r'\n"
    )
    let busybox = try await Command.run("\(bundle)/u/.machine/busybox", "echo", "static")
    #expect(busybox.output == "static\n")
  }
}
