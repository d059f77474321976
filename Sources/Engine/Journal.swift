// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// What was done when, a JSON line an entry, appended and never rewritten; `status` and people read it.
package actor Journal {
  package struct Entry: Sendable, Codable {
    /// Seconds since 1970.
    package var time: Double
    package var run: String
    package var host: String?
    package var stage: String?
    package var event: String
    package var subject: String?
    package var detail: String?
  }

  private let descriptor: Int32
  private let run: String

  /// Opens the journal of a state folder; without one (a folder that cannot be written) nothing is kept.
  package init(folder: StateFolder, run: String) {
    descriptor = open(
      folder.path + "/journal.jsonl",
      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
      0o600
    )
    self.run = run
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  package func add(
    _ event: String,
    host: String? = nil,
    stage: String? = nil,
    subject: String? = nil,
    detail: String? = nil
  ) {
    guard descriptor >= 0 else { return }
    let entry = Entry(
      time: Date().timeIntervalSince1970,
      run: run,
      host: host,
      stage: stage,
      event: event,
      subject: subject,
      detail: detail
    )
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let line = try? encoder.encode(entry) else { return }
    let bytes = Array(line) + [10]
    // One write a line: O_APPEND keeps lines whole even with two writers.
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, bytes.count) }
  }
}
