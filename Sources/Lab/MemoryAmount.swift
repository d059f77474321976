// SPDX-License-Identifier: Apache-2.0

/// Amounts of memory as Kubernetes writes them: 512Mi, 2Gi, 2G, or bytes.
enum MemoryAmount {
  /// systemd and sshd alone need about half of this.
  private static let least = 64 << 20

  static func parse(_ text: String) -> Int? {
    let units: [(String, Int)] = [
      ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40),
      ("K", 1000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000),
    ]
    let unit = units.first { text.hasSuffix($0.0) }
    let digits = text.dropLast(unit?.0.count ?? 0)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int(digits)
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit?.1 ?? 1)
    return overflow || bytes < least ? nil : bytes
  }
}
