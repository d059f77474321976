// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Values

/// The certificate authorities that this machine trusts for HTTPS.
package struct Authorities: Sendable, Equatable {
  /// A file of certificates in PEM, or a folder of them by their hashes.
  package let path: String
  /// The variables that may name another file, the first first.
  package let variables: [String]

  /// Whether `path` is a folder.
  package let isFolder: Bool

  /// Where distributions have them.
  ///
  /// Source: Go 1.24, crypto/x509/root_linux.go; the folder is for systems that have no file.
  package static let usualPlaces = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem", "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem", "/etc/ssl/certs",
  ]

  /// Those that one of `variables` names, or else those of the first of `places` that has any.
  ///
  /// `SSL_CERT_FILE` is what OpenSSL and curl read, too, and `SSL_CERT_DIR`, which is looked into first.
  ///
  /// - Throws: `Failure` (`invalidInput`) for a variable that names nothing of use, (`preflight`) where there
  ///   are none; both say where was looked, and what to do.
  package static func find(
    variables: [String] = ["SSL_CERT_FILE"],
    environment: [String: String],
    places: [String] = usualPlaces
  ) throws(Failure) -> Self {
    for variable in variables {
      guard let path = environment[variable], !path.isEmpty else { continue }
      do {
        return Self(path: path, variables: variables, isFolder: try isFolder(path))
      } catch {
        throw Failure(
          .invalidInput,
          "\(variable) names no file of certificate authorities",
          why: "\(path) \(error.text)",
          remedy: "name a file of certificates in PEM, or unset it"
        )
      }
    }
    var seen: [String] = []
    let folder = environment["SSL_CERT_DIR"].flatMap { $0.isEmpty ? nil : $0 }
    for path in [folder].compactMap(\.self) + places {
      do {
        return Self(path: path, variables: variables, isFolder: try isFolder(path))
      } catch {
        seen.append("\(path) \(error.text)")
      }
    }
    throw Failure(
      .preflight,
      "this machine has no file of certificate authorities, without which it trusts no HTTPS server",
      why: seen.joined(separator: "\n"),
      remedy: "install the package ca-certificates, or name a file of certificates in PEM: "
        + variables.map { "\($0)=FILE" }.joined(separator: " or ")
    )
  }

  /// Why a path is of no use, after its name.
  private struct Fault: Error {
    let text: String
  }

  /// Whether `path`, which has certificates, is a folder.
  private static func isFolder(_ path: String) throws(Fault) -> Bool {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Fault(text: "does not exist")
    }
    if isFolder {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      guard names.contains(where: isHashed) else {
        throw Fault(text: "holds no certificates by their hashes")
      }
    } else {
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw Fault(text: "cannot be read")
      }
      guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
        throw Fault(text: "holds no certificate")
      }
    }
    return isFolder
  }

  /// `0a1b2c3d.0`, as OpenSSL looks for authorities in a folder.
  private static func isHashed(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    return parts.count == 2 && parts[0].count == 8 && parts[0].allSatisfy(\.isHexDigit)
      && parts[1].allSatisfy(\.isNumber)
  }
}
