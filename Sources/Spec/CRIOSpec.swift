// SPDX-License-Identifier: Apache-2.0

/// What concerns CRI-O alone.
package struct CRIOSpec: Sendable, Equatable {
  package var source: CRIOSource
  /// Where packages come from instead of the project's own repository, and who signed them.
  package var repository: RepositorySpec
  /// The packages to install.
  package var packages: [String]
  package var storageDriver: StorageDriver
  /// Registries in which images without one are looked for, in this order.
  package var registries: [String]

  package init(
    source: CRIOSource = .repository,
    repository: RepositorySpec = RepositorySpec(),
    packages: [String] = ["cri-o"],
    storageDriver: StorageDriver = .overlay,
    registries: [String] = ["docker.io"]
  ) {
    self.source = source
    self.repository = repository
    self.packages = packages
    self.storageDriver = storageDriver
    self.registries = registries
  }
}

/// Who brings CRI-O to the host.
package enum CRIOSource: String, Sendable, CaseIterable, Codable {
  case repository
  case distribution
  case host
}

/// A repository of packages.
package struct RepositorySpec: Sendable, Equatable {
  /// nil: the project's.
  package var url: String?
  /// The public key, ASCII-armoured, that signs it; nil: what the project shows beside its packages.
  package var key: String?

  package init(url: String? = nil, key: String? = nil) {
    self.url = url
    self.key = key
  }
}

/// How layers of images become a file system.
package enum StorageDriver: String, Sendable, CaseIterable, Codable {
  case overlay
  case btrfs
  case vfs
}
