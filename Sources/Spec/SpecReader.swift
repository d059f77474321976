// SPDX-License-Identifier: Apache-2.0

package import Values

/// What reading a cluster.yaml came to.
package struct SpecResult: Sendable, Equatable {
  /// nil where there are errors.
  package var spec: ClusterSpec?
  /// All of them, errors and warnings, in the order of the file.
  package var diagnostics: [Diagnostic]
}

/// Reads and validates a cluster.yaml as a whole: every fault is found in one pass.
package enum SpecReader {
  /// Faults that are named one by one; past that a file is something else.
  private static let maximumDiagnostics = 100

  /// Reads a file's content, in which anything may stand; positions call it `file`.
  package static func read(text: String, file: String) -> SpecResult {
    let start = SourcePosition(file: file, line: 1, column: 1)
    let root: YAMLNode
    do throws(YAMLFault) {
      guard let found = try YAMLDocument.parse(text, file: file) else {
        return SpecResult(
          diagnostics: [
            Diagnostic(
              .error,
              at: start,
              "the file is empty: 'kubewright init' prints one to begin with"
            )
          ])
      }
      root = found
    } catch {
      return SpecResult(diagnostics: [error.diagnostic])
    }
    var reading = Reading(start: start)
    let spec = ClusterModel.form.read(root, SpecPath(), &reading)
      .map { ControlPlaneRules.settled($0, &reading) }
    for rule in Rule.all {
      if let spec { rule.check(spec, &reading) }
    }
    let diagnostics = ordered(reading.diagnostics, end: start)
    let hasErrors = diagnostics.contains { $0.severity == .error }
    return SpecResult(spec: hasErrors ? nil : spec, diagnostics: diagnostics)
  }

  private static func ordered(_ found: [Diagnostic], end: SourcePosition) -> [Diagnostic] {
    let sorted = found.enumerated()
      .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
      .map(\.element)
    guard sorted.count > maximumDiagnostics else { return sorted }
    let rest = sorted.count - maximumDiagnostics
    let last = sorted[maximumDiagnostics - 1].position
    return sorted.prefix(maximumDiagnostics)
      + [Diagnostic(.error, at: last, "and \(rest) more, which are not shown")]
  }
}
