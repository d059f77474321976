// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Artifacts
import Catalog
import Engine
import FoundationEssentials
import Spec
import Transport
import Values

/// The options of every command that reads a cluster.yaml.
struct SpecOptions: ParsableArguments {
  @Option(name: [.customShort("f"), .customLong("file")], help: "The cluster's spec.")
  var file: String = "cluster.yaml"

  @Option(
    help: ArgumentHelp("An ssh configuration file instead of ~/.ssh/config.", valueName: "file")
  )
  var sshConfig: String?

  /// Reads and validates the spec; warnings go to standard error.
  /// - Throws: `ExitCode(2)` after all errors were printed.
  func read(_ console: Console) async throws -> ClusterSpec {
    let text = try readText(file, what: "spec")
    let result = SpecReader.read(text: text, file: file)
    for diagnostic in result.diagnostics { await console.say(diagnostic.description) }
    guard let spec = result.spec, !result.diagnostics.contains(where: { $0.severity == .error })
    else { throw ExitCode(2) }
    return spec.resolvingPaths(
      besideSpec: file.hasPrefix("/")
        ? file : "\(FileManager.default.currentDirectoryPath)/\(file)",
      home: ProcessInfo.processInfo.environment["HOME"] ?? "/root"
    )
  }

  func state(of cluster: ClusterSpec) -> StateFolder {
    StateFolder(besideSpec: file, cluster: cluster.name)
  }

  /// The hosts of the spec, not yet connected: connections open at first use.
  func fleet(_ cluster: ClusterSpec, passwords: SudoPasswords) -> Fleet {
    Fleet(
      members: cluster.hosts.map { host in
        guard let ssh = host.ssh else {
          return Fleet.Member(
            spec: host,
            transport: LocalTransport(host: host.name, askPassword: passwords.ask)
          )
        }
        return Fleet.Member(
          spec: host,
          transport: OpenSSHTransport(
            host: host.name,
            destination: SSHDestination(
              address: ssh.address,
              port: ssh.port,
              user: ssh.user,
              identityFile: ssh.identityFile,
              hostKey: ssh.hostKey,
              jump: ssh.jump,
              configFile: sshConfig
            ),
            askPassword: passwords.ask
          )
        )
      }
    )
  }
}

/// The text of a file, with an error that a person can act on.
func readText(_ path: String, what: String) throws -> String {
  do {
    return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  } catch {
    throw Failure(
      .invalidInput,
      "cannot read the \(what) \(path)",
      why: Failure.reason(of: error),
      remedy: "name it with -f"
    )
  }
}

/// Where programs and root file systems are kept: `${XDG_CACHE_HOME:-~/.cache}/kubewright`.
func cacheFolder() -> String {
  let environment = ProcessInfo.processInfo.environment
  if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
    return cache + "/kubewright"
  }
  return (environment["HOME"] ?? "/root") + "/.cache/kubewright"
}

/// The path of the program that runs.
func ownProgram() -> String? {
  try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
}
