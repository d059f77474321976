// SPDX-License-Identifier: Apache-2.0

/// A value that holds from one minor of Kubernetes 1 until the next step.
struct FactStep: Sendable {
  let since: Int
  let value: String
  let source: String

  static func since(_ minor: Int, _ value: String, _ source: String) -> Self {
    Self(since: minor, value: value, source: source)
  }

  static func always(_ value: String, _ source: String) -> Self {
    Self(since: 11, value: value, source: source)
  }
}
