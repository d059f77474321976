// SPDX-License-Identifier: Apache-2.0

/// The way to a key of the file: `spec.hosts[2].ssh.port`.
struct SpecPath: Sendable, Hashable, CustomStringConvertible {
  enum Step: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  private(set) var steps: [Step]

  init(_ keys: String...) {
    steps = keys.map(Step.key)
  }

  private init(steps: [Step]) {
    self.steps = steps
  }

  /// A host by its place in the file, counted from 0.
  static func host(_ index: Int) -> Self {
    Self("spec", "hosts")[index]
  }

  subscript(_ key: String) -> Self { Self(steps: steps + [.key(key)]) }
  subscript(_ index: Int) -> Self { Self(steps: steps + [.index(index)]) }

  /// nil for the whole file.
  var parent: Self? {
    steps.isEmpty ? nil : Self(steps: Array(steps.dropLast()))
  }

  var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key) where key.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == 45 }):
        text += text.isEmpty ? key : ".\(key)"
      case .key(let key): text += "[\(Excerpt.quoted(key))]"
      }
    }
    return text
  }
}
