// SPDX-License-Identifier: Apache-2.0

/// What a host can hold, one case a kind.
///
/// Each kind lives in a file of its own that says how it is observed, converged, removed and
/// described.
package enum Resource: Sendable, Equatable {
  case file(File)
  case directory(Directory)
  case link(Link)
  case block(ManagedBlock)
  case sysctl(Sysctl)
  case kernelModule(KernelModule)
  case package(Package)
  case binary(Binary)
  case user(SystemUser)
  case swap(SwapOff)
  case image(ContainerImage)
  case unit(Unit)
  case footprint(Footprint)
  case absence(Absence)
  case firewalld(FirewalldPolicies)
  case firewalldDirect(FirewalldDirect)

  /// The kind as its own type.
  package var body: any HostResource {
    switch self {
    case .file(let value): value
    case .directory(let value): value
    case .link(let value): value
    case .block(let value): value
    case .sysctl(let value): value
    case .kernelModule(let value): value
    case .package(let value): value
    case .binary(let value): value
    case .user(let value): value
    case .swap(let value): value
    case .image(let value): value
    case .unit(let value): value
    case .footprint(let value): value
    case .absence(let value): value
    case .firewalld(let value): value
    case .firewalldDirect(let value): value
    }
  }

  package var id: ResourceID { body.id }
  package var reason: String { body.reason }
}

/// Names a resource on its host: `file:/etc/kubernetes/pki/ca.crt`, `unit:kubelet.service`.
package struct ResourceID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  package let kind: String
  package let name: String

  package init(kind: String, name: String) {
    self.kind = kind
    self.name = name
  }

  package init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    kind = String(text[..<colon])
    name = String(text[text.index(after: colon)...])
  }

  package var description: String { "\(kind):\(name)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.kind, left.name) < (right.kind, right.name)
  }
}
