// SPDX-License-Identifier: Apache-2.0

import Values

/// What a running program says of one of its steps.
package struct StepEvent: Sendable, Equatable {
  package enum Phase: String, Sendable {
    case begin
    case ok
    case fail
  }

  package var phase: Phase
  package var id: ResourceID
  /// Of a failure: what the step said last.
  ///
  /// Safe to print.
  package var message: String
  /// Of a failure: what it said before, and a unit's last log lines.
  ///
  /// Safe to print.
  package var log: [String]

  package init(phase: Phase, id: ResourceID, message: String = "", log: [String] = []) {
    self.phase = phase
    self.id = id
    self.message = message
    self.log = log
  }
}

extension Program {
  static let eventPrefix = "kubewright-step"

  /// Reads one line of a program's standard output; nil where it is no event.
  package static func parse(resultLine: String) -> StepEvent? {
    let words = resultLine.words
    guard (3...4).contains(words.count), words[0] == eventPrefix,
      let phase = StepEvent.Phase(rawValue: String(words[1])), let id = ResourceID(token: words[2])
    else { return nil }
    guard phase == .fail else { return StepEvent(phase: phase, id: id) }
    guard words.count == 4 else {
      return StepEvent(phase: .fail, id: id, message: "failed without a word")
    }
    guard let bytes = Hex.decode(words[3].utf8) else { return nil }
    var said = String(decoding: bytes, as: UTF8.self).byteLines.map { TerminalText.escape($0) }
    while let last = said.last, last.allSatisfy({ $0 == " " }) { said.removeLast() }
    let message = said.popLast() ?? "failed without a word"
    return StepEvent(phase: .fail, id: id, message: message, log: said)
  }
}
