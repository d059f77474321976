// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A user of this machine that is not root, made for one test and removed after it.
struct LoginUser: Sendable {
  let name: String
  let password: String

  enum Sudo: String {
    case withoutPassword = "ALL=(ALL) NOPASSWD: ALL"
    case withPassword = "ALL=(ALL) ALL"
    case none
  }

  /// Makes the user, runs `body`, removes the user.
  static func with(
    _ sudo: Sudo,
    shell: String = "/bin/sh",
    _ body: (LoginUser) async throws -> Void
  ) async throws {
    let user = LoginUser(
      name: "kwtest\(UInt32.random(in: .min ... .max))",
      password: "secret-\(UInt64.random(in: .min ... .max))"
    )
    let rules = "/etc/sudoers.d/\(user.name)"
    let made = try await Command.run("useradd", "--create-home", "--shell", shell, user.name)
    guard made.exitCode == 0 else { throw Refused(why: made.error) }
    do {
      try await Command.run("chpasswd", input: "\(user.name):\(user.password)\n")
      if sudo != .none {
        try await Command.run(
          "install",
          "-m",
          "0440",
          "/dev/stdin",
          rules,
          input: "\(user.name) \(sudo.rawValue)\n"
        )
      }
      try await body(user)
    } catch {
      try await remove(user.name, rules: rules)
      throw error
    }
    try await remove(user.name, rules: rules)
  }

  struct Refused: Error {
    let why: String
  }

  private static func remove(_ name: String, rules: String) async throws {
    try await Command.run("rm", "-f", rules)
    // The login's last processes may still be on their way out.
    try await Command.run("userdel", "--remove", "--force", name)
  }
}
