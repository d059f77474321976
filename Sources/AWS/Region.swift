// SPDX-License-Identifier: Apache-2.0

package import Values

/// A region's name, checked for its form: it becomes part of host names.
package struct Region: Sendable, Hashable, CustomStringConvertible {
  package let name: String

  /// Accepts `us-west-2`, `us-gov-west-1`, `cn-north-1`, `eusc-de-east-1`; nil for anything else.
  package init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard (3...5).contains(parts.count), name.utf8.count <= 32,
      parts.dropLast().allSatisfy({ part in
        !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) }
      }),
      let last = parts.last, !last.isEmpty, last.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    self.name = name
  }

  /// The region of an availability zone, a local zone or a wavelength zone.
  ///
  /// us-west-2a, us-west-2-lax-1a and us-west-2-wl1-las-wlz-1 all lie in us-west-2: the region ends with
  /// the first number.
  package init?(ofZone zone: String) {
    var parts: [Substring] = []
    for part in zone.split(separator: "-", omittingEmptySubsequences: false) {
      let digits = part.prefix { ("0"..."9").contains($0) }
      parts.append(digits.isEmpty ? part : digits)
      if !digits.isEmpty { break }
    }
    self.init(parts.joined(separator: "-"))
  }

  package var description: String { name }

  package var partition: AWSPartition { .of(region: name) }
}
