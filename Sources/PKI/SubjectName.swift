// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
package import Values
import X509

/// A name that a certificate is good for: what its subject alternative names hold.
package enum SubjectName: Sendable, Hashable, CustomStringConvertible {
  case dns(String)
  case address(IPv4Address)

  /// An address where `text` is one, a DNS name else: Go's verifier looks for an address in the one
  /// place only, and for a name in the other only.
  package init(_ text: String) {
    self = IPv4Address(text).map(Self.address) ?? .dns(text)
  }

  /// The bare name or address; `CertificateFacts.names` lists the same form.
  package var description: String {
    switch self {
    case .dns(let name): name
    case .address(let address): address.description
    }
  }

  var generalName: GeneralName {
    switch self {
    case .dns(let name): .dnsName(name)
    case .address(let address): .ipAddress(.init(contentBytes: address.octets[...]))
    }
  }
}
