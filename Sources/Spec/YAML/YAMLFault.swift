// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

/// Why a text cannot be read as YAML at all; past the first such fault nothing can be trusted.
struct YAMLFault: Error {
  let diagnostic: Diagnostic

  init(at position: SourcePosition, _ message: String) {
    diagnostic = Diagnostic(.error, at: position, message)
  }

  /// Says what the YAML parser found in the words of someone who has to mend the file.
  init(_ error: YamlError, in source: YAMLSource) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      // What never ends is found where it begins, not at the end of the file.
      let isUnended = problem.contains("end of stream")
      let place = isUnended ? context?.mark ?? mark : mark
      self.init(
        at: source.position(line: place.line, column: place.column),
        Self.explain(
          problem,
          context: context,
          isAtContext: isUnended,
          character: source.scalar(at: mark)
        )
      )
    case .reader(let problem, _, _, _):
      self.init(at: source.start, "is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map(Excerpt.quoted).joined(separator: ", ")
      self.init(
        at: source.position(line: context.mark.line, column: context.mark.column),
        "keys are given twice: \(names)"
      )
    case .memory:
      self.init(at: source.start, "is nested too deeply")
    default:
      self.init(at: source.start, "is not YAML")
    }
  }

  private static func explain(
    _ problem: String,
    context: YamlError.Context?,
    isAtContext: Bool,
    character: Unicode.Scalar?
  ) -> String {
    if problem == "but found another document" {
      return "a second document begins here: a file holds one cluster"
    }
    if problem == "found character that cannot start any token" {
      switch character {
      case "\t": return "a tab stands in the indentation: YAML takes spaces only"
      case let found?:
        return "a value cannot begin with \(Excerpt.quoted(String(found))): put it in quotes"
      case nil: break
      }
    }
    var text = "is not YAML: \(problem)"
    if let context {
      text += ", \(context.text) that begins "
      text += isAtContext ? "here" : "at line \(context.mark.line)"
    }
    if problem == "mapping values are not allowed in this context" {
      text += " (a value with ': ' in it needs quotes; or the indentation is off)"
    }
    return text
  }
}

/// Text of the user's for a message: short, on one line, in quotes.
enum Excerpt {
  static func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(60) {
      shown += isHarmless(scalar) ? String(scalar) : "?"
    }
    if text.unicodeScalars.count > 60 { shown += "…" }
    return "'\(shown)'"
  }

  /// Whether a terminal shows the character where it stands, and nothing else happens.
  static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      false
    default: true
    }
  }
}
