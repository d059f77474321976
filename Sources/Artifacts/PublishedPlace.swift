// SPDX-License-Identifier: Apache-2.0

import Values

/// Where the projects publish their programs, or a mirror with the same paths under one base URL.
struct PublishedPlace: Sendable {
  /// What one file at the place holds, and how it is checked.
  struct Release: Sendable, Equatable {
    /// The program itself or an archive.
    var url: String
    /// Files that hold the SHA-256 digest, best first: bare, or as `sha256sum` writes it.
    var checksums: [String]
    /// The path in the archive of each program; empty for a program itself.
    var members: [ArtifactName: String] = [:]
    var names: [ArtifactName]
  }

  private let kubernetes: String
  private let github: String
  private let binaries: String
  /// Where image archives are; the projects publish none.
  private let images: String?

  /// The projects' own places.
  static let official = PublishedPlace(
    kubernetes: "https://dl.k8s.io",
    github: "https://github.com",
    binaries: "https://artifacts.k8s.io",
    images: nil
  )

  private init(kubernetes: String, github: String, binaries: String, images: String?) {
    self.kubernetes = kubernetes
    self.github = github
    self.binaries = binaries
    self.images = images
  }

  /// A mirror.
  /// - Throws: `Failure(.invalidInput)` where `base` is no HTTPS URL.
  init(mirror base: String) throws {
    guard Download.isAllowed(base), !base.contains(where: \.isWhitespace) else {
      throw Failure(
        .invalidInput,
        "the mirror \(base) cannot be used",
        remedy: "write https://…; plain http is for mirrors on this computer only"
      )
    }
    let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
    self.init(kubernetes: trimmed, github: trimmed, binaries: trimmed, images: trimmed + "/images")
  }

  /// The files that hold `names`, each once.
  func releases(of names: [ArtifactName], _ request: ArtifactRequest) -> [Release] {
    let architecture = request.architecture.rawValue
    var releases: [Release] = []
    for name in names where name.family == .kubernetes {
      let url = program(name, version: request.version, architecture: request.architecture)
      releases.append(Release(url: url, checksums: [url + ".sha256"], names: [name]))
    }
    let etcd = names.filter { $0.family == .etcd }
    if !etcd.isEmpty {
      let version = request.version(of: .etcd)
      let base = "\(github)/etcd-io/etcd/releases/download/\(version)"
      let stem = "etcd-\(version)-linux-\(architecture)"
      releases.append(
        Release(
          url: "\(base)/\(stem).tar.gz",
          checksums: ["\(base)/SHA256SUMS"],
          members: Dictionary(
            uniqueKeysWithValues: etcd.map { ($0, "\(stem)/\($0.rawValue)") }
          ),
          names: etcd
        )
      )
    }
    let plugins = names.filter { $0.family == .networkPlugins }
    if !plugins.isEmpty {
      let version = request.version(of: .bridge)
      // Named without the system up to 0.7.
      let system =
        version.hasPrefix("v0.") && (Int(version.split(separator: ".")[1]) ?? 8) < 8
        ? "" : "linux-"
      let url =
        "\(github)/containernetworking/plugins/releases/download/\(version)/"
        + "cni-plugins-\(system)\(architecture)-\(version).tgz"
      releases.append(
        Release(
          url: url,
          checksums: [url + ".sha256"],
          members: Dictionary(
            uniqueKeysWithValues: plugins.map { ($0, "./\($0.rawValue)") }
          ),
          names: plugins
        )
      )
    }
    return releases + others(names, request)
  }

  /// What gets kubelets of EKS their tokens and passwords, and a mirror's archives of images.
  private func others(_ names: [ArtifactName], _ request: ArtifactRequest) -> [Release] {
    let architecture = request.architecture.rawValue
    return names.compactMap { name in
      switch name.family {
      case .authenticator:
        let version = request.authenticatorVersion
        let base = "\(github)/kubernetes-sigs/aws-iam-authenticator/releases/download/v\(version)"
        return Release(
          url: "\(base)/aws-iam-authenticator_\(version)_linux_\(architecture)",
          checksums: ["\(base)/authenticator_\(version)_checksums.txt"],
          names: [name]
        )
      case .cloudProvider:
        let url =
          "\(binaries)/binaries/cloud-provider-aws/v\(request.cloudProviderVersion)/linux/"
          + "\(architecture)/ecr-credential-provider-linux-\(architecture)"
        return Release(url: url, checksums: [url + ".sha256"], names: [name])
      case .image:
        guard let images else { return nil }
        let url =
          "\(images)/\(architecture)/\(request.version(of: name).fileNameSafe)/\(name.rawValue)"
        return Release(url: url, checksums: [url + ".sha256"], names: [name])
      case .kubernetes, .etcd, .networkPlugins, .supplied: return nil
      }
    }
  }

  /// The file that names the newest patch of a minor.
  func newestPatch(of minor: Minor) -> String { "\(kubernetes)/release/stable-\(minor).txt" }

  /// The URL of a Kubernetes program.
  func program(_ name: ArtifactName, version: KubernetesVersion, architecture: Architecture)
    -> String
  {
    "\(kubernetes)/\(version)/bin/linux/\(architecture.rawValue)/\(name.rawValue)"
  }
}

extension Digest {
  /// Reads a published checksum: a bare digest, or the line of `sha256sum` for `file`.
  init?(published text: String, file: some StringProtocol) {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(whereSeparator: \.isWhitespace)
    }
    if lines.count == 1, lines[0].count == 1 {
      self.init(hex: String(lines[0][0]))
      return
    }
    let line = lines.first { words in
      guard words.count == 2 else { return false }
      let name = words[1].hasPrefix("*") ? words[1].dropFirst() : words[1]
      return name == file || name.hasSuffix("/\(file)")
    }
    guard let line else { return nil }
    self.init(hex: String(line[0]))
  }
}
