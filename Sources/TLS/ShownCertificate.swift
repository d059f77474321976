// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import NIOSSL
import SwiftASN1
package import Values
import X509

/// What a certificate that nobody vouches for says of itself.
package struct ShownCertificate: Sendable, Equatable, CustomStringConvertible {
  /// `CN=eks.us-west-2.amazonaws.com`.
  package let subject: String
  /// `CN=Proxy Authority,O=Example`.
  package let issuer: String
  package let begins: Timestamp
  package let ends: Timestamp

  package init(subject: String, issuer: String, begins: Timestamp, ends: Timestamp) {
    self.subject = subject
    self.issuer = issuer
    self.begins = begins
    self.ends = ends
  }

  /// Nil where it cannot be parsed.
  init?(_ certificate: NIOSSLCertificate) {
    guard let bytes = try? certificate.toDERBytes(),
      let parsed = try? Certificate(derEncoded: bytes)
    else { return nil }
    self.init(
      subject: Self.printable(parsed.subject),
      issuer: Self.printable(parsed.issuer),
      begins: Timestamp(seconds: Int64(parsed.notValidBefore.timeIntervalSince1970)),
      ends: Timestamp(seconds: Int64(parsed.notValidAfter.timeIntervalSince1970))
    )
  }

  /// What the server at `host` shows; nil where none could be seen.
  package static func of(host: String, port: Int) async -> Self? {
    // It only adds to a failure that is told anyway.
    (try? await ServedCertificate.read(host: host, port: port)).flatMap { Self($0) }
  }

  /// What is wrong with it at that moment; nil where it is in force.
  func fault(at now: Timestamp) -> String? {
    if now > ends { return "expired on \(ends)" }
    if now < begins { return "is not valid before \(begins)" }
    return nil
  }

  package var description: String { "\(subject), signed by \(issuer)" }

  private static func printable(_ name: DistinguishedName) -> String {
    let text = String(name.description.prefix(300))
    return text.isEmpty ? "nobody" : TerminalText.escape(text)
  }
}
