// SPDX-License-Identifier: Apache-2.0

import Values

/// What sudo said instead of running root's sh.
///
/// Its messages are the C locale's: the script sees to that.
enum SudoAnswer: Sendable {
  case passwordNeeded
  case wrongPassword(Failure)
  case refused(Failure)
  /// Nothing of sudo's: the connection broke, or root's sh did not start.
  case silent

  init(_ outcome: SessionOutcome, host: String) {
    let text = outcome.standardError
    func says(_ phrases: String...) -> Bool { phrases.contains { text.contains($0) } }
    if outcome.passwordRefused || says("incorrect password attempt") {
      self = .wrongPassword(
        Failure(
          .unreachable,
          host: host,
          "sudo does not accept the password",
          why: text.trimmed,
          remedy: "run again with the right one; this one was tried once, not to lock the login out"
        )
      )
    } else if says("not in the sudoers", "is not allowed to", "may not run sudo", "I'm sorry") {
      self = .refused(
        Failure(
          .unreachable,
          host: host,
          "the login may not become root with sudo",
          why: text.trimmed,
          remedy: "log in as root, or give the login a sudoers rule: NAME ALL=(root) NOPASSWD: ALL"
        )
      )
    } else if says("must have a tty") {
      self = .refused(
        Failure(
          .unreachable,
          host: host,
          "sudo wants a terminal",
          why: text.trimmed,
          remedy: "take `requiretty` out of the sudoers file for this login"
        )
      )
    } else if says("password is required", "authentication is required", "terminal is required") {
      self = .passwordNeeded
    } else if says("sudo: not found", "sudo: command not found", "sudo: No such file") {
      self = .refused(
        Failure(
          .unreachable,
          host: host,
          "the login is not root, and the host has no sudo",
          why: text.trimmed,
          remedy: "log in as root, or install sudo"
        )
      )
    } else if says("sudo: ") {
      self = .refused(
        Failure(
          .unreachable,
          host: host,
          "sudo does not let the login become root",
          why: text.trimmed,
          remedy: "make `sudo -n true` work for this login"
        )
      )
    } else {
      self = .silent
    }
  }
}
