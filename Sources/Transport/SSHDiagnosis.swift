// SPDX-License-Identifier: Apache-2.0

import Values

/// What a person should do about a connection that failed, from what ssh -v said.
struct SSHDiagnosis: Sendable {
  let log: String
  let host: String
  /// Its name for a person: `user@address port N`.
  let destination: String

  /// The lines that ssh has for everybody: without its debugging.
  private var lines: [String] {
    log.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { line in
      !line.isEmpty
        && !["debug", "OpenSSH_", "Authenticated to", "Transferred:", "Bytes per second:"].contains
        {
          line.hasPrefix($0)
        }
    }
  }

  private var said: String { lines.suffix(12).joined(separator: "\n") }

  /// What follows `prefix` in the debugging lines that have it.
  private func details(_ prefix: String) -> [String] {
    log.split(whereSeparator: \.isNewline).compactMap { line in
      line.firstRange(of: prefix).map { String(line[$0.upperBound...]).trimmed }
    }
  }

  private func says(_ phrases: String...) -> Bool {
    lines.contains { line in phrases.contains { line.contains($0) } }
  }

  /// Why no connection came about.
  var failure: Failure {
    keyFailure ?? loginFailure ?? networkFailure ?? settingsFailure
      ?? Failure(
        .unreachable,
        host: host,
        "cannot connect to \(destination)",
        why: said,
        remedy: "try `ssh -v` to it by hand"
      )
  }

  /// Neither success nor an error came.
  func timedOut(after patience: Duration) -> Failure {
    Failure(
      .unreachable,
      host: host,
      "no login at \(destination) within \(patience.inSeconds)",
      why: said,
      remedy: "see whether the host is overloaded, or its sshd waits for a directory service"
    )
  }

  private var keyFailure: Failure? {
    let key = details("Server host key: ").last
    let shown = key.map { "the host shows \($0)" }
    if says("REMOTE HOST IDENTIFICATION HAS CHANGED", "has changed and you have requested strict") {
      let place = lines.first { $0.hasPrefix("Offending") }
      return Failure(
        .unreachable,
        host: host,
        "the host key of \(destination) is not the known one",
        why: [shown, place].compactMap(\.self).joined(separator: "\n"),
        remedy: "if the host was installed anew, compare the fingerprint on its console "
          + "(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then remove the old key "
          + "(ssh-keygen -R ADDRESS) or write the new one to ssh.hostKey; "
          + "if it was not, somebody may stand between"
      )
    }
    if says("key is known for", "Host key verification failed", "No matching host key fingerprint")
    {
      return Failure(
        .unreachable,
        host: host,
        "the host key of \(destination) is not known",
        why: shown ?? said,
        remedy: "compare the fingerprint on the host's console "
          + "(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then write its key to ssh.hostKey, "
          + "or: ssh-keyscan -H ADDRESS >>~/.ssh/known_hosts (-p PORT for another port than 22)"
      )
    }
    return nil
  }

  private var loginFailure: Failure? {
    if says("Too many authentication failures") {
      return Failure(
        .unreachable,
        host: host,
        "the host saw too many wrong keys of \(destination)",
        why: tried,
        remedy: "name the right one: ssh.identityFile"
      )
    }
    guard let line = lines.last(where: { $0.contains("Permission denied (") }) else { return nil }
    let who = line.split(separator: ":").first.map(String.init) ?? destination
    return Failure(
      .unreachable,
      host: host,
      "the host does not let \(who) log in",
      why: tried,
      remedy: "put the public key into the login's ~/.ssh/authorized_keys, or name another key or "
        + "user (ssh.identityFile, ssh.user); a key with a passphrase has to be in the agent (ssh-add)"
    )
  }

  /// The keys that were offered, and what was wrong with those that were not.
  private var tried: String {
    var text: [String] = []
    let offered = details("Offering public key: ")
    for key in offered where !text.contains("offered \(key)") { text.append("offered \(key)") }
    if offered.isEmpty { text.append("no key was offered: neither the agent nor ~/.ssh has one") }
    return (text + lines.suffix(8)).joined(separator: "\n")
  }

  private var networkFailure: Failure? {
    func failure(_ what: String, _ remedy: String) -> Failure {
      Failure(.unreachable, host: host, what, why: said, remedy: remedy)
    }
    if says("Could not resolve hostname") {
      return failure(
        "the name of \(destination) is not resolved",
        "correct ssh.address, or add the name to DNS, /etc/hosts or the ssh configuration"
      )
    }
    if says("Connection refused") {
      return failure(
        "\(destination) refuses the connection",
        "is sshd running there, and on this port? (ssh.port)"
      )
    }
    if says("timed out", "Timeout, server") {
      return failure(
        "\(destination) does not answer",
        "is the host up, and does a firewall let the port through?"
      )
    }
    if says("No route to host", "Network is unreachable") {
      return failure(
        "there is no way to \(destination)",
        "see to routes and addresses; or use ssh.jump"
      )
    }
    if says("no matching") {
      return failure(
        "\(destination) and this ssh have no algorithm in common",
        "allow an old one for this host only, in ~/.ssh/config (HostKeyAlgorithms +…, KexAlgorithms +…)"
      )
    }
    return nil
  }

  private var settingsFailure: Failure? {
    if says("Bad configuration option", "Bad owner or permissions", "bad configuration options") {
      return Failure(
        .unreachable,
        host: host,
        "ssh does not accept its configuration",
        why: said,
        remedy: "correct the ssh configuration file"
      )
    }
    if says("Connection closed", "Connection reset", "kex_exchange_identification", "Broken pipe") {
      return Failure(
        .unreachable,
        host: host,
        "\(destination) ended the connection before the login",
        why: said,
        remedy:
          "see the host's sshd log (journalctl -u ssh): MaxStartups, AllowUsers, an expired account"
      )
    }
    return nil
  }

  /// Why a session of an open connection ended without word of its program.
  func broken(_ outcome: SessionOutcome, connectionLost: Bool) -> Failure {
    let text = outcome.said
    if text.contains("open refused") || text.contains("session request failed") {
      return Failure(
        .unreachable,
        host: host,
        "the host refuses another session on its connection",
        why: text,
        remedy: "raise MaxSessions in its sshd_config (10 is the default)"
      )
    }
    if connectionLost || outcome.isReady {
      let end = lines.suffix(3).joined(separator: "\n")
      return Failure(
        .unreachable,
        host: host,
        outcome.isReady ? "the connection broke while the program ran" : "the connection broke",
        why: [text, end].filter { !$0.isEmpty }.joined(separator: "\n"),
        remedy: "see whether the host is up, then run the same command again"
      )
    }
    return Failure(
      .unreachable,
      host: host,
      "the login at \(destination) runs no sh",
      why: text,
      remedy: "the login needs a POSIX shell as its shell; on EOS: username NAME shell /bin/bash"
    )
  }
}
