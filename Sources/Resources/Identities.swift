// SPDX-License-Identifier: Apache-2.0

package import Values

extension File: HostResource { package var id: ResourceID { ResourceID(kind: "file", name: path) } }
extension Directory: HostResource { package var id: ResourceID { ResourceID(kind: "directory", name: path) } }
extension Link: HostResource { package var id: ResourceID { ResourceID(kind: "link", name: path) } }
extension ManagedBlock: HostResource { package var id: ResourceID { ResourceID(kind: "block", name: path) } }
extension Sysctl: HostResource { package var id: ResourceID { ResourceID(kind: "sysctl", name: key) } }
extension KernelModule: HostResource { package var id: ResourceID { ResourceID(kind: "module", name: name) } }
extension Package: HostResource { package var id: ResourceID { ResourceID(kind: "package", name: name) } }
extension Binary: HostResource { package var id: ResourceID { ResourceID(kind: "binary", name: path) } }
extension SystemUser: HostResource { package var id: ResourceID { ResourceID(kind: "user", name: name) } }
extension SwapOff: HostResource { package var id: ResourceID { ResourceID(kind: "swap", name: "off") } }
extension ContainerImage: HostResource { package var id: ResourceID { ResourceID(kind: "image", name: reference) } }
extension Unit: HostResource { package var id: ResourceID { ResourceID(kind: "unit", name: name) } }

extension HostResource {
  package var fingerprint: Digest { Digest(of: id.description) }
  package func observe() -> String { "" }
  package func change(from observed: Observation?, stamp: Digest?) -> Change? { nil }
  package func converge(_ change: Change, stamp: Digest?) -> String { "" }
  package func remove() -> String { "" }
  package func manifestFields() -> [String] { [] }
}
