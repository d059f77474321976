// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// An image of one layer as `docker save` writes it: docker, containerd, CRI-O and skopeo all read that.
///
/// Source: the Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format".
struct ImageArchive: Sendable {
  /// The name to load it under, with its tag.
  var reference: String
  var architecture: Architecture
  var entrypoint: [String] = []
  var command: [String] = []
  var entries: [Tar.Entry]

  /// The archive's bytes; the same for the same image.
  func bytes() throws -> [UInt8] {
    let layer = Tar.archive(entries)
    let diffID = Digest(of: layer)
    let config = try Self.json(
      Config(
        architecture: architecture.rawValue,
        variant: architecture == .arm ? "v7" : nil,
        config: Config.Process(
          env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
          entrypoint: entrypoint.isEmpty ? nil : entrypoint,
          cmd: command.isEmpty ? nil : command
        ),
        rootfs: Config.RootFS(diffIDs: ["sha256:\(diffID)"])
      )
    )
    let configName = "\(Digest(of: config)).json"
    let layerName = "\(diffID)/layer.tar"
    let manifest = try Self.json([
      Manifest(config: configName, repoTags: [reference], layers: [layerName])
    ])
    return Tar.archive([
      Tar.Entry(path: "\(diffID)", mode: 0o755, content: .folder),
      Tar.Entry(path: layerName, mode: 0o644, content: .file(layer)),
      Tar.Entry(path: configName, mode: 0o644, content: .file(config)),
      Tar.Entry(path: "manifest.json", mode: 0o644, content: .file(manifest)),
    ])
  }

  private static func json(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(value))
    } catch {
      throw Failure(.internalError, "cannot encode an image's description", why: "\(error)")
    }
  }
}

private struct Manifest: Encodable {
  var config: String
  var repoTags: [String]
  var layers: [String]

  enum CodingKeys: String, CodingKey {
    case config = "Config"
    case repoTags = "RepoTags"
    case layers = "Layers"
  }
}

private struct Config: Encodable {
  struct Process: Encodable {
    var env: [String]
    var entrypoint: [String]?
    var cmd: [String]?

    enum CodingKeys: String, CodingKey {
      case env = "Env"
      case entrypoint = "Entrypoint"
      case cmd = "Cmd"
    }
  }

  struct RootFS: Encodable {
    var type = "layers"
    var diffIDs: [String]

    enum CodingKeys: String, CodingKey {
      case type
      case diffIDs = "diff_ids"
    }
  }

  struct Step: Encodable {
    var created = "1970-01-01T00:00:00Z"
    var createdBy = "kubewright"

    enum CodingKeys: String, CodingKey {
      case created
      case createdBy = "created_by"
    }
  }

  var architecture: String
  var variant: String?
  var os = "linux"
  var created = "1970-01-01T00:00:00Z"
  var config: Process
  var history = [Step()]
  var rootfs: RootFS
}
