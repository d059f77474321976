// SPDX-License-Identifier: Apache-2.0

import NIOSSL
package import Values

/// Why a server's certificate was not taken.
package enum Distrust: Sendable, Equatable {
  /// No authority that is trusted signed it, or not for this moment.
  case unsigned
  /// It is for other names.
  case otherName
  /// The authorities themselves cannot be read.
  case unreadableAuthorities

  /// Nil for errors that are about something else.
  package init?(_ error: any Error) {
    if error as? NIOSSLExtraError == .failedToValidateHostname {
      self = .otherName
    } else if case .handshakeFailed(let reason) = error as? NIOSSLError {
      // The library has the code in its text only.
      guard String(describing: reason).contains("CERTIFICATE_VERIFY_FAILED") else { return nil }
      self = .unsigned
    } else if error is BoringSSLError || error as? NIOSSLError == .failedToLoadCertificate {
      self = .unreadableAuthorities
    } else {
      return nil
    }
  }

  /// The same for a person, and what to do.
  ///
  /// `shown` is what the host shows, where that could be seen; `proxy` is through what it was asked ("the proxy
  /// http://proxy:3128"), `now` this machine's time.
  package func failure(
    host: String,
    shown: ShownCertificate?,
    proxy: String? = nil,
    authorities: Authorities,
    now: Timestamp
  ) -> Failure {
    let trusted = "trusted are the authorities in \(authorities.path)"
    let way = proxy.map { "asked through \($0)" }
    if self == .unreadableAuthorities {
      return Failure(
        .preflight,
        "the certificate authorities in \(authorities.path) cannot be used",
        remedy:
          "install the package ca-certificates anew, or name another file of certificates in PEM: "
          + Self.naming(authorities)
      )
    }
    if let shown, let fault = shown.fault(at: now) {
      return Failure(
        .unreachable,
        "the certificate that \(host) shows \(fault)",
        why: "\(shown); this machine's clock says \(now)",
        remedy:
          "set this machine's clock, if it is wrong, and keep a time service running; else whoever"
          + " runs \(host), or a proxy before it, has to renew the certificate"
      )
    }
    let seen = shown.map { "it is \($0)" }
    if self == .otherName {
      return Failure(
        .unreachable,
        "the certificate that \(host) shows is for other names",
        why: [seen, way].compactMap(\.self).joined(separator: "\n"),
        remedy:
          "see whether a proxy or a portal answers in its place, and whether the name leads to the"
          + " right server"
      )
    }
    return Failure(
      .unreachable,
      "the certificate that \(host) shows is signed by no authority that this machine trusts",
      why: [seen, way, trusted].compactMap(\.self).joined(separator: "\n"),
      remedy: "where a proxy or firewall opens TLS on the way, trust its authority: add it to the"
        + " machine's (update-ca-certificates, update-ca-trust), or name a file that has it, too: "
        + Self.naming(authorities)
    )
  }

  private static func naming(_ authorities: Authorities) -> String {
    authorities.variables.map { "\($0)=FILE" }.joined(separator: " or ")
  }
}
