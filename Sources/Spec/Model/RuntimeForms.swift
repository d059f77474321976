// SPDX-License-Identifier: Apache-2.0

import Values

extension Form where Value == Minor {
  /// A minor of a program.
  ///
  /// Without quotes YAML takes it for a number; as its text is what counts, it may be one.
  static var minorVersion: Self {
    let format = TextFormat(
      "a minor version",
      example: "v1.20",
      pattern: "^v?1\\.[0-9]{1,3}$",
      maximumLength: 8
    )
    return Self(
      shape: .text(format),
      read: { node, path, reading in
        guard let scalar = reading.scalar(node, path, expected: format.noun) else { return nil }
        let text = scalar.text
        if let minor = Minor(text.hasPrefix("v") ? String(text.dropFirst()) : text) { return minor }
        reading.reject(
          path,
          at: node.position,
          "\(Excerpt.quoted(text)) is not \(format.noun), such as \(format.example)"
        )
        return nil
      },
      write: { .text("v\($0)") }
    )
  }
}

extension Form where Value == CRIOSource {
  static var crioSource: Self {
    choice(of: "a source of CRI-O") { source in
      switch source {
      case .repository: "Signed packages from the CRI-O project's repository, or the one named."
      case .distribution: "The distribution's own package."
      case .host: "It is on the host already, with its conmon and runc or crun."
      }
    }
  }
}

extension Form where Value == StorageDriver {
  static var storageDriver: Self {
    choice(of: "a storage driver") { driver in
      switch driver {
      case .overlay: "The kernel's overlay file system."
      case .btrfs: "Subvolumes, where /var/lib/containers is on btrfs."
      case .vfs: "Whole copies: works everywhere, slow and large."
      }
    }
  }
}

extension Form where Value == HandlerType {
  static var handlerType: Self {
    choice(of: "a kind of runtime") { type in
      switch type {
      case .kata: "Kata Containers: each pod is a small virtual machine."
      case .clearContainers: "Clear Containers 3, Kata's predecessor: CRI-O up to 1.16."
      case .custom: "A program of your own: an OCI runtime, or a shim named containerd-shim-*-v2."
      }
    }
  }
}

extension Form where Value == HandlerKernel {
  static var handlerKernel: Self {
    choice(of: "whose kernel it is") { kernel in
      switch kernel {
      case .own: "One that is not the host's: a machine's, or one in user space (gVisor)."
      case .host: "The host's: custom runtimes such as those for GPUs or WebAssembly."
      }
    }
  }
}

extension Form where Value == String {
  /// Where packages lie: a URL without credentials, in which yum may fill in its variables.
  static var repositoryURL: Self {
    text(
      TextFormat(
        "an http, https or file URL",
        example: "https://mirror.example.com/cri-o/$basearch/",
        pattern: "^(https?://[^\\s/@]+|file://)(/[^\\s]*)?$",
        maximumLength: 2048
      ),
      parse: { (text) throws(Misfit) in
        let schemes = ["http://", "https://", "file://"]
        guard let scheme = schemes.first(where: text.hasPrefix) else { return nil }
        let rest = text.dropFirst(scheme.count)
        guard !rest.prefix(while: { $0 != "/" }).contains("@") else {
          throw Misfit("a URL with a password in it would be shown in plans: leave it out")
        }
        let isPlain = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'\\".utf8.contains($0) }
        return !rest.isEmpty && isPlain ? text : nil
      },
      write: { $0 }
    )
  }

  /// An armoured OpenPGP public key (RFC 9580, 6.2).
  static var publicKey: Self {
    let begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    let end = "-----END PGP PUBLIC KEY BLOCK-----"
    return text(
      TextFormat(
        "a public key in ASCII armour",
        example: begin,
        pattern: "^\(begin)",
        maximumLength: 65536
      ),
      parse: { (text) throws(Misfit) in
        if text.hasPrefix("-----BEGIN PGP PRIVATE") {
          throw Misfit("is a private key: give the public one")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { $0 == 0x0A || ($0 >= 0x20 && $0 < 0x7F) }
        guard lines.first == begin[...], isPlain else { return nil }
        guard lines.last(where: { !$0.isEmpty }) == end[...] else {
          throw Misfit("is cut short: it does not end with \(end)")
        }
        return text.hasSuffix("\n") ? text : text + "\n"
      },
      write: { $0 }
    )
  }

  static var handlerName: Self {
    text(
      TextFormat(
        "a name of lower-case letters, digits and dashes",
        example: "untrusted",
        pattern: "^\(TextFormat.labelPattern)$",
        maximumLength: 63
      ),
      parse: { NameSyntax.isLabel($0) ? $0 : nil },
      write: { $0 }
    )
  }

  static var packageName: Self {
    text(
      TextFormat(
        "a package's name",
        example: "cri-o",
        pattern: "^[A-Za-z0-9][A-Za-z0-9.+_-]*$",
        maximumLength: 128
      ),
      parse: { text in
        guard let first = text.utf8.first, first.isLetter || first.isDigit else { return nil }
        return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || ".+_-".utf8.contains($0) }
          ? text : nil
      },
      write: { $0 }
    )
  }

  /// A registry: a host, perhaps with a port and a folder.
  static var registry: Self {
    text(
      TextFormat(
        "a registry",
        example: "docker.io",
        pattern: "^[A-Za-z0-9][A-Za-z0-9.:_/-]*$"
      ),
      parse: { (text) throws(Misfit) in
        if text.contains("://") { throw Misfit("is a URL: give only the host") }
        guard let first = text.utf8.first, first.isLetter || first.isDigit,
          !text.hasSuffix("/")
        else { return nil }
        return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || ".:_/-".utf8.contains($0) }
          ? text : nil
      },
      write: { $0 }
    )
  }

  /// An absolute path on the host; it stands in configuration files and command lines.
  static func hostPath(example: String) -> Self {
    text(
      TextFormat(
        "an absolute path",
        example: example,
        pattern: "^/[A-Za-z0-9._/+-]+$",
        maximumLength: 1024
      ),
      parse: { text in
        let isPlain = text.utf8.allSatisfy {
          $0.isLetter || $0.isDigit || "._/+-".utf8.contains($0)
        }
        return text.hasPrefix("/") && text.count > 1 && isPlain ? text : nil
      },
      write: { $0 }
    )
  }

  /// A quantity without a sign (apimachinery/pkg/api/resource).
  static func quantity(example: String) -> Self {
    text(
      TextFormat(
        "a quantity",
        example: example,
        pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$",
        maximumLength: 32
      ),
      parse: { text in
        let suffixes = ["Ki", "Mi", "Gi", "Ti", "m", "k", "M", "G", "T"]
        let suffix = suffixes.first(where: text.hasSuffix) ?? ""
        let parts = text.dropLast(suffix.count).split(
          separator: ".",
          omittingEmptySubsequences: false
        )
        let areDigits = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }
        return parts.count <= 2 && areDigits ? text : nil
      },
      write: { $0 }
    )
  }
}
