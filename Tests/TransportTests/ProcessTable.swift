// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What /proc tells of processes.
enum ProcessTable {
  static var identifiers: [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let identifier = pid_t(name) { found.append(identifier) }
    }
    return found
  }

  static func children(of parent: pid_t) -> [pid_t] {
    identifiers.filter { identifier in
      // `PID (NAME) STATE PARENT …`, and the name may hold anything.
      let fields = read("/proc/\(identifier)/stat").split(separator: ")").last?.split(
        separator: " "
      )
      return fields?.dropFirst().first.flatMap { pid_t($0) } == parent
    }
  }

  /// The processes whose arguments hold `text`.
  static func arguments(holding text: String) -> [pid_t] {
    identifiers.filter { read("/proc/\($0)/cmdline").contains(text) }
  }

  /// The processes whose arguments or environment hold `text`.
  static func visible(_ text: String) -> [pid_t] {
    identifiers.filter {
      read("/proc/\($0)/cmdline").contains(text) || read("/proc/\($0)/environ").contains(text)
    }
  }

  static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
