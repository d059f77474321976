// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

extension Failure {
  /// What an error of the libraries below says to a person.
  ///
  /// Errors of Foundation describe themselves for who debugs them: by domain, number and a dictionary.
  package static func reason(of error: any Error) -> String {
    switch error {
    case let error as CocoaError: fileReason(error)
    case let error as DecodingError: decodingReason(error)
    default: String(describing: error)
    }
  }
}

/// The system's own word where there is one: `Is a directory`.
private func fileReason(_ error: CocoaError) -> String {
  if let cause = error.underlying as? POSIXError {
    return String(cString: strerror(cause.code.rawValue))
  }
  switch error.code {
  case .fileNoSuchFile, .fileReadNoSuchFile: return "there is no such file"
  case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
  case .fileWriteOutOfSpace: return "no space left on device"
  case .fileReadTooLarge: return "the file is too large"
  default: return "error \(error.code.rawValue) of the file system"
  }
}

/// Where it is and what is wrong there: `at roles: a key is missing`.
private func decodingReason(_ error: DecodingError) -> String {
  func place(_ context: DecodingError.Context) -> String {
    let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return keys.isEmpty ? "" : "at \(TerminalText.escape(keys.joined(separator: "."))): "
  }
  return switch error {
  case .keyNotFound(let key, let context):
    place(context) + "the key \(TerminalText.escape(key.stringValue)) is missing"
  case .valueNotFound(_, let context): place(context) + "a value is missing"
  case .typeMismatch(_, let context): place(context) + "a value of another type is there"
  case .dataCorrupted(let context):
    context.codingPath.isEmpty
      ? "it is not JSON" : place(context) + "a value there cannot be read"
  @unknown default: "it is not what it should be"
  }
}
