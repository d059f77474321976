// SPDX-License-Identifier: Apache-2.0

package import Values

/// When a flag, a field or a feature came, was deprecated and went.
package struct FlagRecord: Sendable, Equatable {
  /// The first minor that has it; nil: it is older than the catalog.
  package let first: Minor?
  /// The last minor that has it; nil: the newest still does.
  package let last: Minor?
  /// The minor that announced its end, where that is known.
  package let deprecated: Minor?
  /// Where the statement was read.
  package let source: String

  package init(first: Minor?, last: Minor?, deprecated: Minor?, source: String) {
    self.first = first
    self.last = last
    self.deprecated = deprecated
    self.source = source
  }

  /// Whether `minor` has it.
  package func spans(_ minor: Minor) -> Bool {
    if let first, minor < first { return false }
    if let last, minor > last { return false }
    return true
  }
}
