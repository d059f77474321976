// SPDX-License-Identifier: Apache-2.0

/// A processor architecture by Go's name.
package enum Architecture: String, Sendable, Codable, CaseIterable {
  case amd64
  case x86 = "386"
  case arm64
  case arm
}
