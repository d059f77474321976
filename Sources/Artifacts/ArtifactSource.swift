// SPDX-License-Identifier: Apache-2.0

import Values

/// Where programs come from.
package enum ArtifactSource: Sendable, Equatable {
  /// The projects' own download places, checked against their published digests.
  case published
  /// A mirror with the paths of those places under one base URL.
  case mirror(String)
  /// A folder of ready programs, used where they lie: `ARCH/NAME`, or `NAME`.
  case folder(String)
  /// This very program, by its path, for hosts that are to have it.
  case own(String)
  /// Built on this computer from Debian's source package; what Debian has ready is unpacked.
  case build

  /// As `StoredArtifact.source` has it.
  var label: String {
    switch self {
    case .published: "published"
    case .mirror(let base): "mirror \(base)"
    case .folder(let path): "folder \(path)"
    case .own: "this program"
    case .build: "build"
    }
  }

  /// A file name of its own for each source.
  var folderName: String {
    switch self {
    case .published: "published"
    case .mirror(let base): "mirror-\(Digest(of: base).short)"
    case .folder(let path): "folder-\(Digest(of: path).short)"
    case .own(let path): "own-\(Digest(of: path).short)"
    // The number counts our recipes: what an earlier one built is built anew.
    case .build: "build-2"
    }
  }

  /// Whether this source can have `name` at all.
  func offers(_ name: ArtifactName) -> Bool {
    switch self {
    // Runtimes pull images from registries by themselves; no archives are published.
    case .published: name.family != .image && name.family != .supplied
    case .mirror: name.family != .supplied
    case .build: ![.authenticator, .cloudProvider, .supplied].contains(name.family)
    case .folder: true
    case .own: name == .kubewright
    }
  }
}

/// What the store is doing, for the person who waits.
package enum ArtifactEvent: Sendable, Equatable {
  case started(stage: String)
  case progress(stage: String, done: Int, total: Int)
  case finished(stage: String, seconds: Double)
  case note(String)
}

/// Receives the store's events.
package typealias ArtifactEventSink = @Sendable (ArtifactEvent) async -> Void
