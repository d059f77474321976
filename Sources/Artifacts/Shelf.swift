// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Values

/// The part of the cache that holds ready programs: `programs/RELEASE/ARCH/SOURCE/NAME`, each with a
/// record beside it of what it is.
///
/// One small record a program instead of one index for all: two runs cannot lose each other's entries, and
/// a damaged record costs one program.
struct Shelf: Sendable {
  /// `programs` in the cache.
  let folder: String

  /// What was known of a file when it was put here.
  private struct Record: Codable {
    var artifact: StoredArtifact
    var status: FileStatus
  }

  /// The program of `request` from `source`, where it is here and whole.
  ///
  /// Its content is read only when its size or time differs from the record; a file that is not what the
  /// record says is removed.
  func find(
    _ name: ArtifactName,
    _ request: ArtifactRequest,
    from source: ArtifactSource
  ) -> StoredArtifact? {
    if let candidates = candidates(name, request, source) {
      return inPlace(name, request, candidates, source)
    }
    let path = place(name, request, source)
    guard let record = record(at: path), record.artifact.path == path,
      let status = FileStatus(of: path)
    else { return nil }
    if status == record.status { return record.artifact }
    guard status.size == record.artifact.size, let bytes = try? LocalFile.read(path),
      Digest(of: bytes) == record.artifact.digest
    else {
      try? LocalFile.remove(path)
      try? LocalFile.remove(path + ".json")
      return nil
    }
    try? write(record.artifact, status: status, beside: path)
    return record.artifact
  }

  /// Moves the file at `temporary` here.
  /// - Throws: `Failure(.artifact)` where it is no program for the architecture.
  func put(
    _ temporary: String,
    as name: ArtifactName,
    _ request: ArtifactRequest,
    from source: ArtifactSource,
    version: String,
    url: String? = nil,
    published: Digest? = nil
  ) throws -> StoredArtifact {
    let isImage = name.family == .image
    if !isImage { try ELFHeader.check(temporary, is: request.architecture, name: name) }
    let path = place(name, request, source)
    try LocalFile.makeFolder(path.parentFolder)
    guard chmod(temporary, isImage ? 0o644 : 0o755) == 0 else {
      throw Failure(.state, "cannot set the mode of \(temporary)")
    }
    let bytes = try LocalFile.read(temporary)
    // Without its record a file counts as absent: old record out, new file in, new record in.
    try LocalFile.remove(path + ".json")
    try LocalFile.settle(temporary, at: path)
    guard let status = FileStatus(of: path) else {
      throw Failure(.state, "\(path) vanished while it was put in place")
    }
    let artifact = StoredArtifact(
      name: name,
      version: version,
      architecture: request.architecture,
      digest: Digest(of: bytes),
      size: bytes.count,
      path: path,
      source: source.label,
      url: url,
      published: published
    )
    try write(artifact, status: status, beside: path)
    return artifact
  }

  /// All that is here, by path; records that cannot be read, or whose file is gone, are left out.
  func list() -> [StoredArtifact] {
    var found: [StoredArtifact] = []
    for release in LocalFile.names(in: folder) {
      for architecture in LocalFile.names(in: "\(folder)/\(release)") {
        for source in LocalFile.names(in: "\(folder)/\(release)/\(architecture)") {
          let place = "\(folder)/\(release)/\(architecture)/\(source)"
          for file in LocalFile.names(in: place) where file.hasSuffix(".json") {
            guard let record = record(at: "\(place)/\(file.dropLast(".json".count))"),
              FileStatus(of: record.artifact.path) != nil
            else { continue }
            found.append(record.artifact)
          }
        }
      }
    }
    return found
  }

  /// Where a source of the user's may have a program; nil for sources whose programs are kept here.
  private func candidates(
    _ name: ArtifactName,
    _ request: ArtifactRequest,
    _ source: ArtifactSource
  ) -> [String]? {
    switch source {
    case .folder(let folder):
      [
        "\(folder)/\(request.architecture.rawValue)/\(name.rawValue)", "\(folder)/\(name.rawValue)",
      ]
    case .own(let path): name == .kubewright ? [path] : []
    case .published, .mirror, .build: nil
    }
  }

  /// Why a source of the user's does not give `name`: what is wrong with each file of that name.
  func faults(
    of name: ArtifactName,
    _ request: ArtifactRequest,
    in source: ArtifactSource
  ) -> [Failure] {
    guard name.family != .image else { return [] }
    return (candidates(name, request, source) ?? []).compactMap { path in
      guard FileStatus(of: path) != nil else { return nil }
      do {
        try ELFHeader.check(path, is: request.architecture, name: name)
        return nil
      } catch {
        return error as? Failure
      }
    }
  }

  /// A program of the user's: used where it lies, remembered here by its digest.
  private func inPlace(
    _ name: ArtifactName,
    _ request: ArtifactRequest,
    _ candidates: [String],
    _ source: ArtifactSource
  ) -> StoredArtifact? {
    for path in candidates {
      guard let status = FileStatus(of: path),
        name.family == .image
          || (try? ELFHeader.check(path, is: request.architecture, name: name)) != nil
      else { continue }
      let place = place(name, request, source)
      if let record = record(at: place), record.artifact.path == path, record.status == status {
        return record.artifact
      }
      guard let bytes = try? LocalFile.read(path) else { continue }
      let artifact = StoredArtifact(
        name: name,
        version: request.version(of: name),
        architecture: request.architecture,
        digest: Digest(of: bytes),
        size: bytes.count,
        path: path,
        source: source.label
      )
      // Not being able to remember costs time, nothing else.
      try? LocalFile.makeFolder(place.parentFolder)
      try? write(artifact, status: status, beside: place)
      return artifact
    }
    return nil
  }

  private func place(
    _ name: ArtifactName,
    _ request: ArtifactRequest,
    _ source: ArtifactSource
  ) -> String {
    let version = request.version(of: name)
    let release =
      switch name.family {
      case .kubernetes: version
      case .etcd: "etcd-\(version)"
      case .networkPlugins: "cni-plugins-\(version)"
      case .image: version.fileNameSafe
      case .authenticator: "aws-iam-authenticator-\(version)"
      case .cloudProvider: "cloud-provider-aws-\(version)"
      case .supplied: version
      }
    return
      "\(folder)/\(release)/\(request.architecture.rawValue)/\(source.folderName)/\(name.rawValue)"
  }

  private func record(at path: String) -> Record? {
    guard let bytes = try? LocalFile.read(path + ".json") else { return nil }
    return try? JSONDecoder().decode(Record.self, from: Data(bytes))
  }

  private func write(_ artifact: StoredArtifact, status: FileStatus, beside path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data: Data
    do {
      data = try encoder.encode(Record(artifact: artifact, status: status))
    } catch {
      throw Failure(.internalError, "cannot encode the record of \(path)", why: "\(error)")
    }
    try LocalFile.write(Array(data), to: path + ".json")
  }
}

extension String {
  /// All before the last slash.
  var parentFolder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }

  /// With every character that means something in paths as an underscore.
  var fileNameSafe: String {
    let safe = String(
      map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) ? $0 : "_" }
    )
    return safe.hasPrefix(".") ? "_" + safe : safe
  }
}
